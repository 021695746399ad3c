"""A cause that a question names is one in its own words: neither what came of it nor a condition, a measure or a project."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from agents.answer.ask import Asker
from agents.answer.names.corpus import Corpus
from agents.answer.plan.because import read_cause
from agents.answer.plan.draft import Draft
from agents.answer.plan.text import Text
from store import Store
from tests.answering import import_all
from tests.factories import make_form, make_indicator


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asker]:
    folder = tmp_path_factory.mktemp("because")
    reasons = {
        "政务网站改版": "因机构改革，职能移交后暂停。",
        "机房运行维护": "运维人员不足，巡检未按计划完成。",
        "档案数字化加工": "年中预算压缩，部分加工量取消。",
        "道路照明": "受极端天气影响，工期推迟。",
    }
    with Store.open(folder / "home") as store:
        forms = [
            make_form(name, form_id=f"f{i}", indicators=(make_indicator(0, name="按期完成率", weight=10, score=7, deviation=reason),))
            for i, (name, reason) in enumerate(reasons.items())
        ]
        import_all(store, forms, folder)
    with Asker.open(folder / "home") as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "topic", "project"),
    [
        ("有哪些项目因为机构改革而影响了绩效？", "机构改革", "政务网站改版"),
        ("因机构改革而扣分的指标", "机构改革", "政务网站改版"),
        ("因机构改革扣分的有几个？", "机构改革", "政务网站改版"),
        ("由于人员不足影响进度的项目有哪些？", "人员不足", "机房运行维护"),
        ("哪些指标因人员不足而没有完成？", "人员不足", "机房运行维护"),
        ("因为预算压缩导致未完成的项目有哪些？", "预算压缩", "档案数字化加工"),
        ("因为人员不足没做完的有哪些项目？", "人员不足", "机房运行维护"),
        ("哪些项目丢分是因为预算压缩？", "预算压缩", "档案数字化加工"),
        ("哪些项目的扣分都是由于预算压缩造成的？", "预算压缩", "档案数字化加工"),
        ("因极端天气影响的指标有哪些？", "极端天气", "道路照明"),
        ("因受极端天气影响而延期的项目有哪些", "极端天气", "道路照明"),
        ("因为采购流程太慢而拖延了进度的项目？", "采购流程太慢", None),
    ],
)
def test_a_cause_is_looked_for_in_its_own_words(asker: Asker, question: str, topic: str, project: str | None) -> None:
    query = asker.planned(question)
    assert (query.intent, query.topic, query.conditions, query.certain) == ("cause", topic, (), True)
    answer = asker.turn(question).answer
    assert list(answer.projects) == ([project] if project else [])
    assert answer.verified


@pytest.mark.parametrize(
    "question",
    [
        "哪些项目因为执行率低于80%而扣分？",
        "哪些项目因为什么原因丢了分？",
        "因为没写原因被扣分的项目有哪些？",
        "道路照明是不是因为极端天气丢了分？",
        "道路照明为什么因为极端天气丢分？",
        "因为预算压缩，哪些项目请了律师？",
    ],
)
def test_what_is_no_cause_in_words_of_its_own_is_left(question: str) -> None:
    corpus = Corpus(())
    draft = Draft(Text(question, corpus.named_in), corpus)
    read_cause(draft)
    assert draft.cause is None
    assert draft.text.rest == draft.text.plain
