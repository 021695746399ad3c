"""A look at an endpoint: small questions with known answers, to tell what it accepts, what it enforces, and which settings suit it.

About eight requests of a few hundred tokens; nothing of any document is sent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from agents.models.answers import check_answer, unwrapped
from agents.models.endpoint import LIMIT_FIELD, MODE, PRESET, Endpoint
from agents.models.presets import LIMIT_FIELDS, MODES, PRESETS, LimitField, Mode
from agents.models.question import MEANINGS, Outcome, Question, T, Usage
from agents.models.wire import Asking, Attempt, Wire
from schema.transcript import Transcript
from store.health import Probe

SPEAK, PAUSE_SECONDS = 400, 1.0
SHORT, SLACK = 24, 8
"""Tokens of an answer that must be cut, and by how many a server may be out."""

_SYSTEM = "按材料填表，照抄原文，没有写的填 null。"
_MATERIAL = "材料：编号 7-3，共两项。第一项属{kind}，没有备注；第二项属乙类，备注：待查。总类没有写。"
_LONG = "在 text 里从 1 写到 400，用逗号隔开，不要省略。"


class CanaryItem(Transcript):
    """An item of the canary: an enumeration in Chinese, and a string that may be missing."""

    kind: Literal["甲类", "乙类", "丙类"]
    note: str | None


class Canary(Transcript):
    """A small record with everything that transcripts have, its keys out of the order of the alphabet."""

    number: str | None
    items: list[CanaryItem]
    all: Literal["甲类", "乙类", "丙类"] | None


class LongText(Transcript):
    """An answer that has no natural end."""

    text: str


RIGHT = Canary(number="7-3", items=[CanaryItem(kind="甲类", note=None), CanaryItem(kind="乙类", note="待查")], all=None)


@dataclass(frozen=True)
class ProbeReport:
    """What was found.

    Attributes:
        lines: what was looked at, as `jihe doctor` prints it.
        settings: what to set that is not set so, as VARIABLE=value.
        usage: what the probe itself used, as reported.
        requests: how many requests that took.
    """

    lines: tuple[Probe, ...]
    settings: tuple[str, ...]
    usage: Usage
    requests: int

    @property
    def ok(self) -> bool:
        """Whether the endpoint can be used as it is set."""
        return all(line.ok for line in self.lines)


@dataclass
class _Found:
    """What the requests so far told."""

    usable: dict[Mode, bool] = field(default_factory=dict)
    bound: set[Mode] = field(default_factory=set)
    limit_field: LimitField | None = None
    usages: list[Usage | None] = field(default_factory=list)
    down: bool = False


def probe(endpoint: Endpoint) -> ProbeReport:
    """Ask an endpoint the small questions. Errors of the endpoint are lines of the report."""
    found = _Found(limit_field=endpoint.limit_field)
    wire = Wire(endpoint)
    try:
        lines = [_place(endpoint), *_Prober(endpoint, wire, found).lines()]
    finally:
        wire.close()
    known = [usage for usage in found.usages if usage is not None]
    return ProbeReport(tuple(lines), tuple(_settings(endpoint, found)), sum(known, Usage(0, 0)), len(found.usages))


class _Prober:
    """The questions in turn; each one's answer decides which come next."""

    def __init__(self, endpoint: Endpoint, wire: Wire, found: _Found) -> None:
        self._endpoint = endpoint
        self._wire = wire
        self._found = found

    def lines(self) -> Iterator[Probe]:
        yield from self._limit()
        if self._found.down:
            return
        for mode in MODES:
            yield self._mode(mode)
        for mode in MODES:
            if mode != "json_object" and self._found.usable[mode]:
                yield self._bound(mode)
        counted = [usage for usage in self._found.usages if usage is None]
        yield Probe("用量", "不完整：有的回答没有报告用量" if counted else "有报告", not counted, "账目和预算将按估计的 token 数计。")
        yield self._best()

    def _limit(self) -> Iterator[Probe]:
        """Which name of the longest answer is honoured; the first to be asked, so what keeps every question out shows here."""
        own = self._endpoint.limit_field
        self._found.limit_field = None
        for name in (own, *(other for other in LIMIT_FIELDS if other != own)):
            attempt = self._long(name)
            if attempt.trouble is not None and attempt.trouble.kind in ("closed", "passing", "slow"):
                told = Outcome[LongText](attempt.status, detail=attempt.detail).told
                yield Probe("连接", "不通", False, told)
                self._found.down = True
                return
            used = attempt.usage.completion if attempt.usage else None
            if attempt.status == "truncated" or (attempt.trouble is None and used is not None and used <= SHORT + SLACK):
                self._found.limit_field = name
                break
        yield Probe("连接", "通")
        honoured = self._found.limit_field
        value = (
            f"{honoured} 有效" if honoured else f"没有试成：{attempt.detail}" if attempt.detail else f"{'、'.join(LIMIT_FIELDS)} 都没有效果"
        )
        yield Probe("长度限制", value, honoured is not None, "回答可能长得超出预算；请设好 JIHE_MODEL_TIMEOUT，并留意账目。")

    def _long(self, name: LimitField) -> Attempt:
        """Ask for a long text in the first mode that is not refused, the one that is set before the others."""
        question = Question("probe", "", _SYSTEM, _LONG, LongText, SHORT)
        attempt = self._send(question, self._endpoint.mode, name)
        for mode in MODES:
            if mode != self._endpoint.mode and attempt.trouble is not None and attempt.trouble.kind == "format":
                attempt = self._send(question, mode, name)
        return attempt

    def _mode(self, mode: Mode) -> Probe:
        attempt = self._send(_canary("甲类"), mode, self._found.limit_field or self._endpoint.limit_field)
        checked = check_answer(attempt.text, Canary) if attempt.status == "ok" else None
        self._found.usable[mode] = checked is not None and checked.value is not None
        name, wanted = f"格式 {mode}", mode == self._endpoint.mode
        if checked is None:
            return Probe(name, f"不可用：{attempt.detail or MEANINGS[attempt.status].what}", not wanted, "现在设的是它，请照“建议”一行改。")
        if checked.value is None:
            return Probe(name, f"接受，但回答不合格式（{checked.fault}）", not wanted, f"请换一种 {MODE}，或换一个模型。")
        remarks = [f"可用，{attempt.seconds:.1f} 秒"]
        if checked.value != RIGHT:
            remarks.append("格式对，内容抄错了（模型可能太小）")
        if list(json.loads(unwrapped(attempt.text))) != list(Canary.model_fields):
            remarks.append("键的次序没有照规定")
        return Probe(name, "，".join(remarks), checked.value == RIGHT or not wanted, "请换一个更强的模型。")

    def _bound(self, mode: Mode) -> Probe:
        """Whether the endpoint keeps to an enumeration that the material contradicts."""
        attempt = self._send(_canary("丁类（必须照写“丁类”，不得改成别的）"), mode, self._found.limit_field or self._endpoint.limit_field)
        fits = attempt.status == "ok" and check_answer(attempt.text, Canary).value is not None
        if fits:
            self._found.bound.add(mode)
        value = "是（或模型自己守住了）" if fits else "否：每个回答都会另行检查，不合的会再问一次"
        return Probe(f"强制 {mode}", value)

    def _best(self) -> Probe:
        best = _best_mode(self._found)
        if best is None:
            return Probe(
                "建议",
                "没有可用的回答格式",
                False,
                f"请按服务商设置 {PRESET}（{'、'.join(known.name for known in PRESETS)}），或换一个模型。",
            )
        settings = list(_settings(self._endpoint, self._found))
        return Probe("建议", "现有设置合适" if not settings else f"设置 {'，'.join(settings)}")

    def _send(self, question: Question[T], mode: Mode, limit_field: LimitField) -> Attempt:
        asking = Asking(mode, question.max_tokens, limit_field)
        attempt = self._wire.send(question, asking)
        if attempt.trouble is not None and attempt.trouble.kind == "passing":
            self._found.usages.append(attempt.usage)
            time.sleep(min(max(attempt.trouble.wait or 0.0, PAUSE_SECONDS), 10 * PAUSE_SECONDS))
            attempt = self._wire.send(question, asking)
        self._found.usages.append(attempt.usage)
        return attempt


def _place(endpoint: Endpoint) -> Probe:
    return Probe("端点", f"{endpoint.host}，模型 {endpoint.model}，预设 {endpoint.preset}")


def _canary(kind: str) -> Question[Canary]:
    return Question("probe", "", _SYSTEM, _MATERIAL.format(kind=kind), Canary, SPEAK)


def _best_mode(found: _Found) -> Mode | None:
    """The strictest that works: enforced ones first, then the one with the schema in the prompt, then whatever works."""
    order: tuple[Mode, ...] = (*(mode for mode in ("json_schema", "tool") if mode in found.bound), "json_object", *MODES)
    return next((mode for mode in order if found.usable.get(mode)), None)


def _settings(endpoint: Endpoint, found: _Found) -> Iterator[str]:
    best = _best_mode(found)
    if best is not None and best != endpoint.mode:
        yield f"{MODE}={best}"
    if found.limit_field is not None and found.limit_field != endpoint.limit_field:
        yield f"{LIMIT_FIELD}={found.limit_field}"
