"""What no answer about forms says of its own: verdicts and advice, addresses and code, words of nowhere.

A verdict (合规, 合理, 优秀, 没有问题) is no fact of the table: it stands only where a cell that the sentence cites says it. Advice and
emphasis may besides be the question's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.answer.verify.cells import Cell
from agents.answer.verify.ground import Ground
from agents.answer.verify.sentence import cells_of
from agents.answer.verify.strangers import is_answer_word
from agents.answer.verify.tokens import Tokens

_VERDICT = re.compile(
    r"(?:(?:不|未)?(?:合规|合法|合理|妥当|恰当|得当|适当|属实|可靠|可信)|规范|严谨|称职|到位|优秀|优良|优异|卓越|出色|领先|突出|一流"
    r"|圆满|理想|高效|有力|有效|扎实|无误|核实|失职|违规|违法|违纪|浪费|挪用|造假|虚假|作弊|舞弊)(?![性率度类])"
    r"|(?:没有|没|无|不存在|未发现|没有发现|未见)(?:任何|什么|明显|重大|其他)*(?:问题|异常|毛病|瑕疵|不妥|风险|漏洞|违规)(?![数类])"
    r"|(?:一切|完全|均属|均为|基本|运行|情况|整体|总体|均)(?:正常|良好|正确|准确|真实)|(?:计算|填报|填写|数据)(?:正确|准确|真实)"
    r"|符合(?:相关|有关|国家|各项)*(?:规定|法规|政策|标准|预期|规范)|(?:令人|非常|十分)(?:满意|失望)|值得(?:肯定|表扬|信赖)|经得起"
    r"|\b(?:non-?)?complian(?:t|ce)\b|\bcompl(?:y|ies|ied)\b|\b(?:un)?reasonabl[ey]\b|\b(?:in)?appropriate(?:ly)?\b|\b(?:un|il)?lawful(?:ly)?\b"
    r"|\b(?:il)?legal(?:ly)?\b|\blegitimate\b|\b(?:un)?satisfactor(?:y|ily)\b|\bverified\b|\btruthful(?:ly)?\b|\breliabl[ey]\b|\bflawless\w*"
    r"|\b(?:no|without|free of)(?: any| other| obvious| major)? (?:problem|issue|irregularit|violation|error|anomal|concern)\w*"
    r"|\bnothing (?:is |was )?wrong\b|\bin good order\b|\bwell[- ](?:managed|run|executed)\b"
    r"|\bexcellent\w*|\boutstanding\w*|\bimpressive\w*|\beffective\w*|\bwaste\w*|\bfraud\w*|\bmisus\w+"
)
"""Words that judge; behind them no 性 or 率, which make a name of them."""
_OPINION = re.compile(
    r"整体来看|总体来看|总的来[说看]|普遍|建议|应当|应该|理应|务必|值得|希望|显著|追责|追究"
    r"|\brecommend\w*|\bshould\b|\bmust\b|\bought\b|\bsignificant\w*"
)
_CHARACTERS = re.compile(r"https?:|www\.|[<>{}`]|#{2,}|\[/?[A-Z]+\]")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]{3,}")
_MOST_STRANGE = 3
"""Words of an English sentence that neither the vocabulary of answers, the question nor a cited cell has."""


def fault_of_foreign(tokens: Tokens, ground: Ground) -> str:
    """A verdict, advice, an address or words that nothing cited holds; empty when there are none."""
    cells = cells_of([n for run in tokens.runs for n in run.cites], ground)
    return next(_faults(tokens, ground, cells), "")


def _faults(tokens: Tokens, ground: Ground, cells: Sequence[Cell]) -> Iterator[str]:
    held = " ".join(f"{cell.text} {cell.row_name} {cell.form.grade or ''}" for cell in cells).lower()
    # Forms that were looked up by their grade have it.
    grades = " ".join(ground.result.query.scope.grades)
    said = f"{held} {ground.question}".lower()
    yield from (f"judgement {m[0]}" for m in _VERDICT.finditer(tokens.rest) if m[0] not in held and m[0] not in grades)
    yield from (f"judgement {m[0]}" for m in _OPINION.finditer(tokens.rest) if m[0] not in said)
    yield from (f"characters {m[0]}" for m in _CHARACTERS.finditer(tokens.rest))
    latin = _LATIN.findall(tokens.rest)
    strange = [word for word in latin if word.lower() not in said and not is_answer_word(word.lower())]
    # An English sentence may hold a Chinese grade; a Chinese one has no business with English words of its own.
    if len(strange) > (_MOST_STRANGE if len(latin) > len(_HAN.findall(tokens.rest)) else 0):
        yield f"words {' '.join(strange)}"
