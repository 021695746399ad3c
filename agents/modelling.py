"""A model for one run, out of the environment: endpoint, budget, ledger, and the stage that asks; and what a run would cost.

LangChain takes two seconds to import, so it is loaded in the background while documents are read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from agents.asking import Stage
from agents.extract.llm.extractor import Extractor
from agents.models import Budget, Endpoint, Outcome, Question, endpoint_from_env, estimate_tokens, parse_budget
from agents.models.price import told_money
from agents.models.tokens import MESSAGE_TOKENS
from agents.pipeline import Plan, materials
from schema.errors import DocumentError, UsageError
from store.calls import CALLS_NAME, CallLog

if TYPE_CHECKING:
    from agents.models.caller import Caller

ExtractorName = Literal["auto", "layout", "llm"]
_NO_MODEL = (
    "没有设置语言模型，--extractor llm 用不了。请设置 JIHE_MODEL（以及 OPENAI_BASE_URL、OPENAI_API_KEY，写法见 docs/models.md），"
    "或用 --extractor layout。"
)
_ANSWER_SHARE = 1.2
"""Tokens of an answer by those of the text it copies."""


class LateCaller:
    """A caller that is made when it is first needed, and loaded before."""

    def __init__(self, endpoint: Endpoint, log: CallLog, budget: Budget, *, refresh: bool) -> None:
        self._made: Caller | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self._arguments = (endpoint, log, budget)
        self._refresh = refresh
        threading.Thread(target=_load, daemon=True).start()

    def ask(self, question: Question[Any]) -> Outcome[Any]:
        """Ask a question."""
        with self._lock:
            if self._made is None:
                self._made = _load()(*self._arguments, refresh=self._refresh)
                if self._stopped:
                    self._made.stop()
        return self._made.ask(question)

    def stop(self) -> None:
        """Ask no new questions; those under way come to their end and are kept."""
        self._stopped = True
        if self._made is not None:
            self._made.stop()

    def close(self) -> None:
        """Let go of the connections."""
        if self._made is not None:
            self._made.close()

    @property
    def notes(self) -> tuple[str, ...]:
        """What was learnt about the endpoint in this run, for people."""
        return self._made.notes if self._made is not None else ()

    @property
    def run(self) -> str | None:
        """What the ledger calls this run; None where nothing was asked."""
        return self._made.run if self._made is not None else None


def _load() -> type[Caller]:
    from agents.models.caller import Caller  # noqa: PLC0415 - it imports LangChain

    return Caller


@dataclass
class ModelRun:
    """A model at work in one run."""

    endpoint: Endpoint
    stage: Stage
    log: CallLog
    budget: Budget
    caller: LateCaller

    def told(self) -> Iterator[str]:
        """What the run asked, what that used, and what was not answered; for people."""
        tally = self.stage.tally
        if not tally.asked:
            return
        totals = self.log.totals(run=self.caller.run) if self.caller.run else None
        used = f"，请求 {totals.requests} 次，另有 {totals.cached} 次取自缓存，用了 {self.budget.spent}" if totals is not None else ""
        yield f"语言模型 {self.endpoint.model}：问了 {tally.asked} 张表，采用 {tally.changed} 张{used}。"
        if tally.unanswered:
            reasons = " ".join(tally.reasons[:2])
            yield f"有 {tally.unanswered} 张表没有得到全部回答：{reasons}已有的读数照常保存，未核对的单元格已标明。"
        yield from self.caller.notes


@contextmanager
def model_run(
    home: Path, environ: Mapping[str, str], extractor: ExtractorName, budget: str | None = None, *, refresh: bool = False
) -> Iterator[ModelRun | None]:
    """The model of a run; None where it is switched off, or nobody switched one on and nobody insists.

    Raises:
        UsageError: a variable or the budget cannot be understood, or a model is insisted on and none is set.
        StoreError: the ledger cannot be opened.
    """
    endpoint = endpoint_from_env(environ) if extractor != "layout" else None
    if endpoint is None:
        if extractor == "llm":
            raise UsageError(_NO_MODEL)
        if budget is not None or refresh:
            raise UsageError("--budget 和 --refresh 只在使用语言模型时有意义。请设置 JIHE_MODEL，写法见 docs/models.md。")
        yield None
        return
    spending = parse_budget(budget, endpoint.price) if budget is not None else Budget(price=endpoint.price)
    with CallLog.open(home / CALLS_NAME) as log:
        caller = LateCaller(endpoint, log, spending, refresh=refresh)
        reader = Extractor(caller.ask, "llm" if extractor == "llm" else "auto", vision=endpoint.vision)
        stage = Stage(reader, endpoint.model, endpoint.concurrency, caller)
        try:
            yield ModelRun(endpoint, stage, log, spending, caller)
        finally:
            caller.close()


@dataclass
class Estimate:
    """What asking would take, at first: questions that are asked again come on top.

    Attributes:
        failed: documents that cannot be read, with the reason.
    """

    documents: int = 0
    forms: int = 0
    questions: int = 0
    prompt: int = 0
    completion: int = 0
    failed: list[str] = field(default_factory=list)

    def told(self, endpoint: Endpoint) -> str:
        """For people."""
        price = endpoint.price
        cost = (
            f"，约 {told_money(price.cost(self.prompt, self.completion), price.currency)}" if price else "；价格未设置（JIHE_MODEL_PRICE）"
        )
        return (
            f"预计：{self.documents} 个文件，要问模型的表 {self.forms} 张，提问 {self.questions} 次，输入约 {self.prompt} token、"
            f"输出约 {self.completion} token{cost}。没有提问，也没有保存；有疑问的单元格会再问，实际会多一些。"
        )


def estimate(planned: Plan, extractor: ExtractorName, workers: int | None = None) -> Estimate:
    """Read the documents of a plan and count what would be asked. Nothing is asked and nothing stored."""
    reader = Extractor(_nobody, "llm" if extractor == "llm" else "auto")
    out = Estimate()
    for task, material in materials(planned, workers):
        out.documents += 1
        if isinstance(material, DocumentError):
            out.failed.append(f"{task.name}：{material.told}")
            continue
        for candidate in material.candidates:
            layout = material.reading.forms[candidate.form] if candidate.form is not None else None
            questions = reader.questions(candidate.printed, layout, "")
            out.forms += bool(questions)
            out.questions += len(questions)
            out.prompt += sum(estimate_tokens(q.system) + estimate_tokens(q.user) + 2 * MESSAGE_TOKENS for q in questions)
            out.completion += sum(round(_ANSWER_SHARE * estimate_tokens(q.user)) for q in questions)
    return out


def _nobody(question: Question[Any]) -> Outcome[Any]:
    raise AssertionError(f"an estimate asks nothing, but was to ask {question.purpose}")
