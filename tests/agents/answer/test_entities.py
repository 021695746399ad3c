# ruff: noqa: E501 - tables
"""Names in questions: whole, partial, misheard, abbreviated, in Latin letters, and nowhere."""

from __future__ import annotations

import pytest

from agents.answer.names.corpus import Corpus, FormHead
from agents.answer.names.keys import NameIndex, name_key, sound_alike

HEADS = (
    FormHead(form_id="a1", project_name="农村公路养护专项资金", department="澜石市交通运输局", implementing_unit="澜石市公路养护中心", fiscal_year=2023,
             indicators=("养护农村公路里程", "道路标志牌更换及时性", "沿线村民满意度")),
    FormHead(form_id="a2", project_name="2023年农村公路危桥加固项目（二期）", department="澜石市交通运输局", implementing_unit="澜石市公路养护中心", fiscal_year=2023,
             indicators=("加固危桥数量", "沿线村民满意度")),
    FormHead(form_id="b1", project_name="“阅读之城”推广经费", department="上海市青禾区文化和旅游局（汇总）", implementing_unit="上海市青禾区图书馆", fiscal_year=2022, grade="良",
             indicators=("举办阅读活动场次", "到馆读者满意度")),
    FormHead(form_id="b2", project_name="图书采购费", department="上海市青禾区文化和旅游局（汇总）", implementing_unit="上海市青禾区图书馆", fiscal_year=2023,
             indicators=("采购新书数量", "到馆读者满意度")),
    FormHead(form_id="c1", project_name="大数据平台运维费", department="上海市大数据局", implementing_unit="上海市大数据中心", fiscal_year=2023, indicators=("平台可用率",)),
)  # fmt: skip


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(HEADS)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("农村公路养护专项资金花了多少", "project", "农村公路养护专项资金"),
        ("阅读之城推广经费的得分", "project", "阅读之城推广经费"),
        ("2023年农村公路危桥加固项目(二期)的预算", "project", "2023年农村公路危桥加固项目(二期)"),
        ("澜石有几个项目", "place", "澜石"),
        ("青禾区的得分", "place", "青禾区"),
        ("市大数据局的预算", "unit", "市大数据局"),
        ("大数据中心花了多少", "unit", "大数据中心"),
        ("澜石交通局的项目", "unit", "澜石交通局"),
        ("文旅局的项目", "unit", "文旅局"),
        ("score of lanshi", "place", "lanshi"),
        ("2022年度的表", "year", "2022年度"),
        ("二〇二三年的表", "year", "二〇二三年"),
        ("23年的表", "year", "23年"),
        ("沿线村民满意度是多少", "indicator", "沿线村民满意度"),
        ("2019年的表", "unknown", "2019年"),
        ("徐汇的图书采购", "unknown", "徐汇"),
        ("浦东新区图书馆的预算", "unknown", "浦东新区图书馆"),
        ("青禾区交通运输局的预算", "unknown", "青禾区交通运输局"),
        ("budget of pudong", "unknown", "pudong"),
    ],
)
def test_what_a_text_names_for_certain(corpus: Corpus, text: str, kind: str, said: str) -> None:
    assert (kind, said) in [(span.kind, span.said) for span in corpus.find(text)]


@pytest.mark.parametrize("text", ["小区的公路", "全区一共几个", "各区县的得分", "2023.5万元", "社区活动", "2000个"])
def test_common_words_are_no_places_and_numbers_no_years(corpus: Corpus, text: str) -> None:
    assert [span for span in corpus.find(text) if span.kind in ("place", "unknown", "year")] == []


def test_a_unit_inside_a_whole_project_name_is_part_of_the_name(corpus: Corpus) -> None:
    heads = (*HEADS, FormHead(form_id="c2", project_name="大数据中心办公经费", department="上海市大数据局", fiscal_year=2023))
    spans = Corpus(heads).find("大数据中心办公经费的预算和大数据中心的预算")
    assert [span.kind for span in spans] == ["project", "unit"]


@pytest.mark.parametrize(
    ("word", "names"),
    [
        ("危桥加固", ["2023年农村公路危桥加固项目（二期）"]),
        ("农村公路项目", ["农村公路养护专项资金", "2023年农村公路危桥加固项目（二期）"]),
        ("公路资金", ["农村公路养护专项资金"]),
        ("图书采构费", ["图书采购费"]),
        ("图书费", ["图书采购费"]),
        ("农村公路洋护专项资金", ["农村公路养护专项资金"]),
        ("大数据平台运为费", ["大数据平台运维费"]),
        ("完全无关的东西", []),
    ],
)
def test_projects_by_parts_and_by_sound(corpus: Corpus, word: str, names: list[str]) -> None:
    assert corpus.project(word) == names


def test_indicators_are_those_of_the_forms_that_are_meant(corpus: Corpus) -> None:
    assert corpus.indicator("满意度") == ["沿线村民满意度", "到馆读者满意度"]
    assert corpus.indicator("满意度", ["b1"]) == ["到馆读者满意度"]
    assert corpus.indicator("危桥加固数", ["b1"]) == []
    assert corpus.indicator("阅渎活动场次") == ["举办阅读活动场次"]


def test_characters_with_several_readings_sound_like_each_of_them() -> None:
    assert sound_alike("日长", "日常") and sound_alike("执行绿", "执行率")
    assert not sound_alike("日长", "日志") and not sound_alike("日", "日常")


def test_an_index_of_nothing_finds_nothing() -> None:
    empty = NameIndex([])
    assert empty.holding("公路") == [] and empty.alike("公路养护") == [] and empty.longest("公路", 0) == 0
    assert Corpus([]).find("嘉定区2024年停车费的执行率") != []


def test_keys_leave_out_what_questions_leave_out() -> None:
    assert name_key("“一网通办”项目（第２年）") == name_key('"一网通办"项目(第2年)') == "一网通办项目第2年"
