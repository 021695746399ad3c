"""A home with a few forms, and questions answered over it with a scripted model."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from agents.answer.agent.assistant import Assistant
from agents.answer.agent.events import Event
from agents.answer.agent.limits import Limits
from agents.answer.answer import Answer
from agents.answer.ask import Asker
from agents.models import Budget, endpoint_from_env
from agents.models.course import Patience
from eval.endpoint import Reply, Request, ScriptedEndpoint, ToolCall
from store import Store
from store.calls import CALLS_NAME, CallLog
from tests.factories import D, make_form, make_indicator, make_reading

Script = Callable[[Request], Reply | str]
QUICK = Patience(tries=3, pause=0.01, longest_pause=0.05)
UNCERTAIN = "说说总得分垫底的那位，顺便写首诗"
"""The planner reads it as a ranking by total score, and leaves something unread."""
UNKNOWN = "政务服务热线运维的合同价是多少？"
"""No form holds it: the composed answer abstains."""
RANK = {"query": {"intent": "rank", "measures": ["total_score"], "order": "asc"}}


class Ran(NamedTuple):
    """A question answered, its events, and what the endpoint was asked."""

    answer: Answer
    events: list[Event]
    requests: list[Request]


def fill(home: Path, **changes: Any) -> None:
    """Three forms: 90, 95.5 and 100 points; one lost points to a reform."""
    told = make_indicator(0, name="分析报表", weight=D(6), score=D("1.5"), deviation="机构改革，项目移交数据局")
    forms = [
        make_form("政务服务热线运维", indicators=(make_indicator(1),)),
        make_form("公共数据平台", total_score=90, implementing_unit="乙市信息中心"),
        make_form("宣传推广", total_score=D("95.5"), indicators=(make_indicator(1), told), **changes),
    ]
    with Store.open(home) as store:
        store.save(make_reading(forms, "自评表.pdf"), store.start_run("test"))


def in_turn(*replies: Reply | str) -> Script:
    """These replies one after another; the last one again and again."""
    return lambda request: replies[min(request.number, len(replies) - 1)]


def call(name: str = "query_forms", arguments: Any = RANK) -> Reply:
    """A call of a tool; arguments may be text as models write it."""
    text = arguments if isinstance(arguments, str) else json.dumps(arguments, ensure_ascii=False)
    return Reply(tool_calls=(ToolCall(name, text),))


def calls(*named: tuple[str, Any]) -> Reply:
    """Several calls at once."""
    return Reply(tool_calls=tuple(ToolCall(name, json.dumps(arguments, ensure_ascii=False)) for name, arguments in named))


def claims(*sentences: str, missing: bool = False) -> str:
    """A final answer; ids stand inside of the sentences."""
    return json.dumps({"missing": missing, "claims": [{"sentence": one, "cites": []} for one in sentences]}, ensure_ascii=False)


def run(
    home: Path,
    script: Script,
    question: str = UNCERTAIN,
    *,
    limits: Limits | None = None,
    budget: int | None = None,
    environ: dict[str, str] | None = None,
    wording: bool = False,
    before: Sequence[str] = (),
) -> Ran:
    """Answer a question with a scripted endpoint, over HTTP."""
    with ScriptedEndpoint(script) as server:
        settings = {"JIHE_MODEL": "scripted", "OPENAI_BASE_URL": server.url, "JIHE_MODEL_PRICE": "2/8元", **(environ or {})}
        endpoint = endpoint_from_env(settings)
        assert endpoint is not None
        spending = Budget(budget, price=endpoint.price)
        assistant = Assistant(endpoint, CallLog.open(home / CALLS_NAME), spending, wording=wording, limits=limits, patience=QUICK)
        with Asker.open(home, assistant=assistant) as asker:
            for one in before:
                asker.turn(one)
            events = list(asker.events(question))
        assert events[-1].answer is not None
        return Ran(events[-1].answer, events, server.requests)


def offline(home: Path, question: str = UNCERTAIN) -> Answer:
    """The answer without a model."""
    with Asker.open(home) as asker:
        return asker.turn(question).answer
