"""The taxonomy of causes, and topics looked for in explanations."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.answer.execute.causes import Topic, causes_in, classify, parts
from agents.answer.query import Cause
from agents.answer.words.causes import CUES


@pytest.mark.parametrize(
    ("deviation", "causes"),
    [
        ("因机构改革，该项职能已调整", ["机构改革与职能划转"]),
        ("该平台已移交市局统一管理", ["机构改革与职能划转"]),
        ("年中预算压减，部分采购未实施", ["预算与资金"]),
        ("根据上级要求，工作计划调整", ["需求或计划变化"]),
        ("承建方未按合同交付", ["外部单位与业务制约"]),
        ("服务器宕机两次", ["技术故障"]),
        ("窗口人员对新系统操作不熟悉", ["系统易用性与培训"]),
        ("档案管理不到位", ["管理与机制不足"]),
        ("经办人员离职，人手不足", ["人员"]),
        ("项目延期至次年验收", ["工期"]),
        ("年初目标值设置偏低", ["指标设置"]),
        ("受疫情影响，培训延期", ["外部单位与业务制约", "工期"]),
        ("天空很蓝", []),
        ("", []),
    ],
)
def test_an_explanation_is_classified_by_its_words(deviation: str, causes: list[str]) -> None:
    found = classify(deviation)
    assert [one.cause for one in found] == causes
    assert all(one.span in deviation for one in found)


def test_every_cause_has_cues() -> None:
    assert {cause for cause, _, _ in CUES} == set(get_args(Cause))


def test_a_cause_is_told_from_the_reason_not_from_what_is_planned() -> None:
    assert parts("设备老化。后续将加强人员管理。") == ("设备老化。", "后续将加强人员管理。")
    assert [one.cause for one in classify("设备老化。后续将加强人员管理。")] == ["技术故障"]


@pytest.mark.parametrize(
    ("topic", "deviation", "level"),
    [
        ("机构改革", "因机构改革取消", "explicit"),
        ("机构改革", "职能划转至区局", "explicit"),
        ("institutional reform", "因机构改革取消", "explicit"),
        ("机构改革", "已移交区局办理", "related"),
        ("机构改革", "设备故障", "no"),
        ("统计口径", "统计口径有变化", "explicit"),
        ("统计口径", "目标值设置偏低", "no"),
        ("应急演练", "故障较多。后续将加强应急演练。", "related"),
        ("制度不健全", "管理制度有待进一步健全", "explicit"),
        ("制度不健全", "监管不到位", "no"),
        ("人员", "后备人员不足", "explicit"),
    ],
)
def test_a_topic_is_judged(topic: str, deviation: str, level: str) -> None:
    judgement = Topic(topic).judge(deviation)
    assert judgement.level == level
    assert judgement.span in deviation


EXPLANATIONS = (
    "区水务部门未按清淤规范移交河段资料，导致台账不完整。后续将加强对接。",
    "保洁公司的巡查月报未及时提交。",
    "经办人员两次更换，新老人员交接不到位。",
    "食堂新点单系统老年人不会用，操作培训只覆盖了三个站点。",
    "极端暴雨造成泵房控制柜短路，抢修用时较长。",
    "部分路段苗木当年未能完成补种，验收推迟至次年。",
    "图书开放共享目录只公布了一半，仍需进一步公布。",
    "维保管理制度有待进一步健全。",
    "进一步提升服务水平",
)


@pytest.mark.parametrize(
    ("topic", "explicit"),
    [
        # Described in its own words: what says so, not its whole family.
        ("兄弟单位没按清淤规范移交资料", (0,)),
        ("账算到 兄弟单位没按清淤规范移交资料 头上", (0,)),
        ("极端暴雨弄坏了泵房控制柜", (4,)),
        ("巡查月报没有按时交上来", (1,)),
        # Examples belong to the topic, any of them will do.
        ("“人” 像新老人员交接没做好、操作培训覆盖太少这种", (2, 3)),
        ("外部配合方 比如别的单位没按规范移交、保洁公司月报没及时提交", (0, 1)),
        ("工期往后拖、或者当年压根没干完", (5,)),
        ("制度不健全或者苗木没补种完", (5, 7)),
        # Plain words for a family.
        ("老人不会用、用不惯", (3,)),
        ("人手不够或者换人交接没跟上", (2,)),
        ("别的部门没配合", (0, 1)),
        # English by glosses and families.
        ("postponed or not finished within the year", (5,)),
        ("incomplete opening and sharing of books", (6,)),
        ("staff handovers", (2,)),
        ("training covered too little", (3,)),
        # Words that stand there.
        ("理由就一句 进一步提升 之类", (8,)),
        # Nothing of the kind.
        ("汇率波动", ()),
        ("气候变化", ()),
    ],
)
def test_a_topic_over_all_explanations(topic: str, explicit: tuple[int, ...]) -> None:
    sought = Topic(topic, (), EXPLANATIONS)
    judged = [sought.judge(explanation) for explanation in EXPLANATIONS]
    assert tuple(i for i, one in enumerate(judged) if one.level == "explicit") == explicit
    assert all(one.span in explanation for one, explanation in zip(judged, EXPLANATIONS, strict=True))


def test_what_is_described_leaves_its_family_near() -> None:
    sought = Topic("兄弟单位没按清淤规范移交资料", (), EXPLANATIONS)
    assert sought.judge(EXPLANATIONS[1]).level in ("related", "no")


def test_causes_without_words_stand_for_all_their_families() -> None:
    assert Topic(None, ("工期",)).judge("进度缓慢").level == "explicit"
    assert causes_in("工期延误和人员流失") == ("人员", "工期") or set(causes_in("工期延误和人员流失")) == {"人员", "工期"}


@given(st.text(max_size=200), st.text(max_size=200))
def test_nothing_breaks_on_any_text(topic: str, deviation: str) -> None:
    judgement = Topic(topic).judge(deviation)
    assert judgement.span in deviation
    assert "".join(parts(deviation)[0:2]) is not None
    assert all(one.span in deviation for one in classify(deviation))
