"""What a sentence claims beside numbers and order: whose it is, that nothing was lost or nothing said, that a target was met, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from agents.answer.compose.words import GROUPS_EN
from agents.answer.execute.causes import causes_in, classify, parts
from agents.answer.execute.records import every_line
from agents.answer.verify import words
from agents.answer.verify.cells import Cell
from agents.answer.verify.ground import Ground
from agents.answer.verify.sentence import cells_of
from agents.answer.verify.text import MASK
from agents.answer.verify.tokens import Term, Tokens, labels
from schema.comparison import judge
from schema.text import fold, is_blank
from schema.values import parse
from store.facts import RowFact

_NO_LOSS, _NO_REASON = re.compile(words.NO_LOSS), re.compile(words.NO_REASON)
_MISSED, _MET, _LOST = re.compile(words.MISSED), re.compile(words.MET), re.compile(words.LOST)
_CAUSE = re.compile(
    r"(?:(?<!原)因(?![此素公])为?|由于|受|原因(?:是|为|在于)[:：]?)(?P<zh>[^，。；,;]{2,60}?)(?=而|被|失|扣|丢|导致|影响|[,，。;；(（]|\Z)"
    r"|(?:due to|because of|because|owing to|as a result of|attributed to|on account of)\s+(?P<en>[^,;.(]{3,90})"
)
_WHOLLY = re.compile(words.WHOLLY)
_OVERSPENT = re.compile(r"超支|超预算|overspen[td]|over budget")
_HALF = 0.5
_ROLES = (
    ("department", re.compile(r"主管部门|主管单位|\bdepartment\b")),
    ("implementing_unit", re.compile(r"实施单位|承担单位|implement")),
)
_PROMISES = ("进一步", "持续", "继续", "不断", "加强")


def fault_of_claims(tokens: Tokens, ground: Ground) -> str:
    """A claim that the cited cells do not bear out; empty when all do."""
    cells = cells_of([n for run in tokens.runs for n in run.cites], ground)
    checks = (_states(tokens, cells, ground), _causes(tokens, cells), _texts(tokens, cells, ground))
    return next((fault for check in checks for fault in check), "")


def rows_of(cells: Sequence[Cell], ground: Ground) -> list[RowFact]:
    """The indicators that cells belong to, as the result holds them."""
    wanted = {(cell.form.form_id, cell.row) for cell in cells if cell.row is not None}
    found = {(line.form.form_id, line.row.position): line.row for line in every_line(ground.result) if line.row is not None}
    return [found[key] for key in wanted if key in found]


def _states(tokens: Tokens, cells: Sequence[Cell], ground: Ground) -> Iterator[str]:
    rows = rows_of(cells, ground)
    named = {term.text for term in tokens.named("row")}
    meant = [row for row in rows if row.name in named] or rows
    if _NO_LOSS.search(tokens.plain):
        kept = [row.lost == 0 for row in meant] or [_whole(cell, ground) for cell in cells if cell.what == "total_score"]
        if not kept or not all(kept):
            yield "says that nothing was lost"
    elif _LOST.search(tokens.plain) and meant and all(row.lost == 0 for row in meant) and not _NO_REASON.search(tokens.plain):
        yield "says that points were lost"
    unknown = not meant and ground.result.query.intent != "explain"
    if _NO_REASON.search(tokens.plain) and (unknown or any(not _silent(row.deviation) for row in meant)):
        yield "says that nothing is explained"
    if _WHOLLY.search(tokens.plain) and not any(c.what == "execution_rate" and c.amount and c.amount.value == 100 for c in cells):
        yield "says that all was spent"
    if _OVERSPENT.search(tokens.plain) and not any((c.form.outturn or 0) > (c.form.adjusted_budget or 0) for c in cells):
        yield "says that more was spent than there was"
    for pattern, verdict in ((_MISSED, "missed"), (_MET, "met")):
        if pattern.search(tokens.plain):
            judged = [judge(parse(row.target), parse(row.actual)) for row in meant]
            if not judged or any(one != verdict for one in judged):
                yield f"says that the target was {verdict}"


def _whole(cell: Cell, ground: Ground) -> bool:
    head = ground.every.heads[cell.form.form_id]
    return head.total_weight is not None and head.total_weight == head.total_score


def _silent(deviation: str | None) -> bool:
    """Whether an explanation gives no reason: blank, or only what will be done."""
    if is_blank(deviation):
        return True
    reason = parts(deviation or "")[0].strip("，。； ")
    return not reason or reason.startswith(_PROMISES)


def _causes(tokens: Tokens, cells: Sequence[Cell]) -> Iterator[str]:
    """A cause has to be what the explanations of each project that is named say."""
    for m in _CAUSE.finditer(tokens.plain):
        phrase = (m["zh"] or m["en"] or "").replace(MASK, "").strip(' “”"「」')
        if len(phrase) < 2 or phrase in ("影响", "此"):
            continue
        names = tokens.named("project")
        told = [[c for c in cells if c.form.form_id in name.forms] for name in names] or [list(cells)]
        for own in told:
            said = [cell.text for cell in own if cell.what in ("deviation", "actual_result", "expected_goal", "said")]
            if not any(_speaks_of(text, phrase) for text in said) and not _of_budget(phrase, own):
                yield f"cause {phrase}"


def _speaks_of(text: str, phrase: str) -> bool:
    classes = {spoken.cause for spoken in classify(text)}
    if classes & set(causes_in(phrase)) or any(GROUPS_EN.get(cause, "-") in phrase for cause in classes):
        return True
    wanted = _pairs(fold(phrase))
    return bool(wanted) and len(wanted & _pairs(fold(text))) >= _HALF * len(wanted)


def _of_budget(phrase: str, cells: Sequence[Cell]) -> bool:
    kinds: set[str] = set().union(*(kinds for _, _, kinds in labels(phrase)))
    return bool(kinds & {cell.what for cell in cells} & {"execution_rate", "adjusted_budget", "outturn"})


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if "\u4e00" <= text[i] <= "\u9fff"}


def _texts(tokens: Tokens, cells: Sequence[Cell], ground: Ground) -> Iterator[str]:
    """Grades and units that are told have to be those of a cited cell, in the part they play."""
    grade = re.search(r"(?:等级|评定?为|\bgrade)[^，。；,;优良中差合]{0,12}(?P<zh>优秀|良好|不?合格|[优良中差])", tokens.plain)
    grade = grade or re.search(r"(?P<zh>[优良中差])(?:等级|级别)?的", tokens.plain) if "等级" in tokens.plain else grade
    if grade and not any(cell.what == "grade" and fold(cell.text) == grade["zh"] for cell in cells):
        asked = grade["zh"] in ground.result.query.scope.grades
        if not asked or any(cell.what == "grade" and fold(cell.text) != grade["zh"] for cell in cells):
            yield f"grade {grade['zh']}"
    for unit in tokens.named("unit"):
        for role, pattern in _ROLES:
            if pattern.search(tokens.rest) and not any(_plays(unit, cell, role) for cell in cells):
                yield f"{role} {unit.text}"
                break


def _plays(unit: Term, cell: Cell, role: str) -> bool:
    others = [other for other, _ in _ROLES if other != role]
    head = cell.form
    plays = fold(getattr(head, role)).startswith(fold(unit.text))
    # The same body may play both parts; where the other role is named too, either will do.
    return plays or any(fold(getattr(head, other)).startswith(fold(unit.text)) and cell.what == other for other in others)
