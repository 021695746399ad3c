"""Rules and reasons in English: each has its words, and none of the Chinese."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from schema.checks import RULES
from schema.checks.advice import ADVICE
from ui.web.form_cells import cell_name
from ui.web.site import Visitor
from ui.web.vocabulary import reason_told, rule_advice, rule_title

ROOT = Path(__file__).parents[3]
EN, ZH = Visitor("li", "en"), Visitor("li", "zh")
_CHINESE = re.compile("[一-鿿]")
_MADE = re.compile(r'(?:reason=f?|\.doubt\([^"\n]*f?|_UNREAD = |why = [^"\n]*f?)"([^"\n]*)"')


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_a_title_and_advice(rule: str) -> None:
    assert (rule_title(ZH, rule), rule_advice(ZH, rule)) == (RULES[rule].title, ADVICE[rule])
    assert not _CHINESE.search(rule_title(EN, rule) + rule_advice(EN, rule))


def test_what_is_not_known_stays_as_it_is() -> None:
    assert rule_title(EN, "of-another-version") == "of-another-version"
    assert not _CHINESE.search(rule_advice(EN, "of-another-version"))
    assert reason_told(EN, "没有见过的原因") == "没有见过的原因"
    assert cell_name(EN, "of.another.version") == "of.another.version"
    assert cell_name(EN, "indicators[3]") == "row 4"


def test_reasons_with_and_without_what_is_of_one_cell() -> None:
    assert reason_told(EN, "识别把握不大（0.43）") == "recognised with little confidence (0.43)"
    assert reason_told(EN, "识别把握不大") == "recognised with little confidence"
    assert reason_told(EN, "模型读数待核对：没有印在应在的位置") == "reading of the model to be checked: 没有印在应在的位置"
    assert reason_told(EN, "括号不成对，可能漏读了字符；识别把握不大（0.50）").count(";") == 1
    assert reason_told(ZH, "识别把握不大（0.43）") == "识别把握不大（0.43）"


def test_the_reasons_that_readers_give_are_known() -> None:
    """As they stand in the source, with something in the place of values."""
    folders = [ROOT / "agents" / "extract", ROOT / "agents" / "repair"]
    made = {text for folder in folders for file in folder.rglob("*.py") for text in _MADE.findall(file.read_text("utf-8"))}
    reasons = {re.sub(r"\{[^}]*\}", "1", text) for text in made if _CHINESE.search(text)}
    assert len(reasons) > 15
    left = {reason for reason in reasons if reason_told(EN, reason) == reason}
    assert not left
