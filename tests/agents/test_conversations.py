"""Conversations: kept whole, owned, bounded, deleted with all that belongs to them; questions of many at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

import data
from agents import conversations as kept
from agents.answer.agent.threads import Threads
from agents.answer.answer import Answer, Citation
from agents.answer.ask import Asker
from agents.conversations import Conversations
from agents.conversing import Conversing
from agents.plan_told import plan_lines
from schema.canonical import read_forms
from schema.errors import UsageError
from store.store import Store

CITED = Citation(
    n=1, project_name="甲", fiscal_year=2024, file=None, page=1, cell="total_score", quote="96.5", form_id="f", box=(1, 2, 3.5, 4)
)
ANSWER = Answer(question="问？", answer="96.875[1]", value=Decimal("96.875"), citations=(CITED,), plan={"intent": "lookup", "limit": 2})


def answered(conversations: Conversations, conversation: str, question: str, answer: Answer) -> None:
    """A question as the asker leaves it."""
    with conversations.threads() as threads:
        threads.finish(conversation, threads.begin(conversation, question), answer.answer, None, 0)
    conversations.keep(conversation, answer, {"f": "a" * 64})


def test_answers_come_back_whole(tmp_path: Path) -> None:
    own = Conversations(tmp_path).begin("li", "问？")
    answered(Conversations(tmp_path), own, "问？", ANSWER)
    (told,) = Conversations(tmp_path).told("li", own)
    assert told.answer == ANSWER
    assert told.documents == {"f": "a" * 64}


def test_an_open_question_has_no_answer(tmp_path: Path) -> None:
    conversations = Conversations(tmp_path)
    own = conversations.begin("li", "问？")
    with conversations.threads() as threads:
        threads.begin(own, "问？")
    assert [one.answer for one in conversations.told("li", own)] == [None]


def test_nobody_gets_at_somebody_elses(tmp_path: Path) -> None:
    conversations = Conversations(tmp_path)
    own = conversations.begin("li", "问？")
    assert conversations.of("wang") == []
    for reach in (conversations.told, conversations.remove, conversations.touch):
        with pytest.raises(UsageError, match="没有这个对话"):
            reach("wang", own)


def test_what_is_deleted_leaves_nothing(tmp_path: Path) -> None:
    conversations = Conversations(tmp_path)
    own, other = conversations.begin("li", "一？"), conversations.begin("li", "二？")
    answered(conversations, own, "一？", ANSWER)
    with conversations.threads() as threads:
        threads.saver()
    conversations.remove("li", own)
    conversations.keep(own, ANSWER, {})
    assert [one.conversation for one in conversations.of("li")] == [other]
    with Threads.open(tmp_path) as threads:
        assert threads.turns(own) == []


def test_only_so_many_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_ONE", 2)
    monkeypatch.setattr(kept, "MOST_OF_STRANGERS", 3)
    conversations = Conversations(tmp_path)
    for owner in ("~a", "~a", "~a", "~b", "~c", "li"):
        conversations.begin(owner, "问？")
    assert [len(conversations.of(owner)) for owner in ("~a", "~b", "~c", "li")] == [1, 1, 1, 1]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("conversing")
    with Store.open(home) as store:
        for file in sorted((data.samples() / "gold").glob("*.json")):
            store.import_forms(read_forms(file), file)
    return home


@pytest.fixture
def conversing(home: Path) -> Iterator[Conversing]:
    with Store.open(home) as store, Asker.open(home) as asker:
        yield Conversing(home, asker, store, None)


def test_a_question_goes_on_from_the_one_before(conversing: Conversing) -> None:
    first = list(conversing.ask("li", None, "嘉定各项目的平均总得分是多少？"))
    second = list(conversing.ask("li", first[-1].conversation, "那闵行呢？"))
    assert second[-1].answer is not None
    assert second[-1].answer.plan["function"] == "mean"
    told = conversing.conversations.told("li", first[-1].conversation)
    assert [one.answer for one in told] == [first[-1].answer, second[-1].answer]
    assert not conversing.is_running(first[-1].conversation)


def test_one_question_of_a_conversation_at_a_time(conversing: Conversing) -> None:
    running = conversing.ask("li", None, "哪些项目执行率低于80%？")
    own = next(running).conversation
    with pytest.raises(UsageError, match="正在回答"):
        next(conversing.ask("li", own, "那闵行呢？"))
    conversing.cancel("li", own)
    assert list(running)[-1].cancelled
    assert [one.answer for one in conversing.conversations.told("li", own)] == [None]
    assert list(conversing.ask("li", own, "哪些项目执行率低于80%？"))[-1].answer is not None


def test_many_ask_at_once(conversing: Conversing) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda n: list(conversing.ask(f"~{n}", None, f"哪些项目执行率低于{80 + n}%？"))[-1], range(8)))
    assert [one.answer.question for one in got if one.answer] == [f"哪些项目执行率低于{80 + n}%？" for n in range(8)]


def test_a_plan_in_words(conversing: Conversing) -> None:
    answer = conversing.answered("2024年执行率低于80.5%的项目有哪些？")
    told = {line.label: line.text for line in plan_lines(answer.plan, {}, "zh")}
    assert told["要做的事"] == "列出符合条件的项目"
    assert told["条件"] == "执行率 < 80.5%"
    assert told["年度"] == "2024"
    assert plan_lines({"intent": "of another version"}, {}, "en") == ()
