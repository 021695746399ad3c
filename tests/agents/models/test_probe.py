"""The probe against every kind of endpoint: what it finds out, and which settings it names."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from agents.models import Endpoint, endpoint_from_env
from agents.models.presets import MODES
from agents.models.probe import RIGHT, Canary, LongText, ProbeReport, probe
from eval.endpoint import PROFILES, Profile, Reply, Request, ScriptedEndpoint
from eval.endpoint.honest import compile_fault
from eval.endpoint.strict import strict_faults
from schema.transcript import wire_schema
from tests.agents.models.conftest import KEY


def obedient(profile: Profile) -> Callable[[Request], str]:
    """A model that copies what it reads, save where the endpoint's engine keeps it from that."""

    def script(request: Request) -> str:
        if "从 1 写到" in request.user:
            return json.dumps({"text": ",".join(map(str, range(1, 401)))})
        answer = RIGHT.model_dump()
        if "丁类" in request.user and request.format not in profile.binds:
            answer["items"][0]["kind"] = "丁类"
        return json.dumps(answer, ensure_ascii=False)

    return script


def probed(profile: Profile, preset: str) -> tuple[ProbeReport, ScriptedEndpoint]:
    """The report on an endpoint of this kind under a preset."""
    with ScriptedEndpoint(profile.script(obedient(profile))) as server:
        endpoint = endpoint_from_env({"JIHE_MODEL": "m", "OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": server.url, "JIHE_MODEL_PRESET": preset})
        assert endpoint is not None
        return probe(endpoint), server


def _line(report: ProbeReport, name: str) -> str:
    return next(line.value for line in report.lines if line.name == name)


PRESET_OF = {"ollama-cloud": "ollama", "tensorrt": "generic"}


@pytest.mark.parametrize("profile", [pytest.param(profile, id=profile.name) for profile in PROFILES])
def test_an_endpoint_under_its_own_preset_is_fine(profile: Profile) -> None:
    report, server = probed(profile, PRESET_OF.get(profile.name, profile.name))
    assert report.ok, [line for line in report.lines if not line.ok]
    assert report.requests == len(server.requests) <= 9
    assert (report.usage.prompt, report.usage.completion) == server.counted[1:]
    enforced = {mode for mode in ("json_schema", "tool") if mode in profile.binds}
    assert {mode for mode in enforced if _line(report, f"强制 {mode}").startswith("是")} == enforced
    # Where nothing is enforced, the schema is better said in the prompt.
    assert report.settings == (("JIHE_MODEL_MODE=json_object",) if profile.name in PRESET_OF else ())
    assert KEY not in repr(report)


@pytest.mark.parametrize(
    ("name", "settings", "ok"),
    [
        ("openai", ("JIHE_MODEL_LIMIT_FIELD=max_completion_tokens",), True),
        ("deepseek", ("JIHE_MODEL_MODE=json_object",), False),
        ("qwen", (), False),
        ("ollama", (), False),
        ("llama.cpp", (), True),
    ],
)
def test_an_unknown_endpoint_is_told_what_to_set(name: str, settings: tuple[str, ...], ok: bool) -> None:
    report, _ = probed(next(profile for profile in PROFILES if profile.name == name), "generic")
    assert (report.settings, report.ok) == (settings, ok)
    if name in ("qwen", "ollama"):
        assert "没有可用的回答格式" in _line(report, "建议")
        assert "JIHE_MODEL_PRESET" in next(line.advice for line in report.lines if line.name == "建议")


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(status=401, error=f"bad key {KEY}"), "OPENAI_API_KEY"),
        (Reply(status=404), "JIHE_MODEL"),
        (Reply(drop=True), "OPENAI_BASE_URL"),
    ],
)
def test_an_endpoint_that_cannot_be_used_is_asked_little(reply: Reply, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.models.probe.PAUSE_SECONDS", 0.01)
    with ScriptedEndpoint(lambda _: reply) as server:
        report = probe(Endpoint(server.url, KEY, "m"))
    assert not report.ok
    assert said in report.lines[-1].advice
    assert len(server.requests) <= 2
    assert KEY not in repr(report)


def test_limits_that_are_ignored_and_usage_that_is_not_told_are_seen() -> None:
    def script(request: Request) -> Reply:
        return Reply(obedient(PROFILES[-1])(request), usage=False)

    with ScriptedEndpoint(script) as server:
        report = probe(Endpoint(server.url, KEY, "m"))
    assert "没有效果" in _line(report, "长度限制")
    assert "没有报告用量" in _line(report, "用量")


def test_a_model_that_copies_wrongly_is_seen() -> None:
    with ScriptedEndpoint(lambda r: json.dumps({"all": None, "items": [], "number": "7"}) if "7-3" in r.user else '{"text":""}') as server:
        report = probe(Endpoint(server.url, KEY, "m"))
    assert {"抄错" in _line(report, f"格式 {mode}") and "次序" in _line(report, f"格式 {mode}") for mode in MODES} == {True}
    assert not report.ok


@pytest.mark.parametrize("model", [Canary, LongText])
def test_the_canary_itself_is_in_the_strict_subset(model: type[Canary | LongText]) -> None:
    assert strict_faults(wire_schema(model)) == []
    assert compile_fault(wire_schema(model)) == ""
