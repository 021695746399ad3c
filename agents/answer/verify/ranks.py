"""Claims of order: highest and lowest, ranks, who is above whom, lists from high to low; held against the values of the result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import pairwise

from agents.answer.execute.figures import money_factor
from agents.answer.execute.measures import unit_of
from agents.answer.execute.records import Line, every_line
from agents.answer.verify import words
from agents.answer.verify.cells import MONEY
from agents.answer.verify.ground import Ground
from agents.answer.verify.sentence import cells_of
from agents.answer.verify.tokens import Term, Tokens, labels, nearest
from schema.numerals import chinese_number
from schema.values import Quantity, parse
from store.facts import Head

_HIGHEST, _LOWEST = re.compile(words.HIGHEST), re.compile(words.LOWEST)
_GREATER, _SMALLER = re.compile(words.GREATER), re.compile(words.SMALLER)
_ALONE = re.compile(rf"(?:{words.GREATER}|{words.SMALLER})\s*\Z")
_MORE, _FEWER = re.compile(words.MORE), re.compile(words.FEWER)
_THAN = re.compile(r"比(?![例重])")
_END = re.compile(r"[;；。]|\. ")
_CLAUSE = re.compile(r"[,，;；。]|\. ")
_FOLLOWS = re.compile(r"\s*(?:的)?(?:项目|指标)?\s*(?:是|为|属于|:|：|,|is|was|goes to|belongs to)?\s*“?\s*\Z")
_RANK = re.compile(r"(?P<back>倒数)?第(?P<n>[一二三四五六七八九十\d]+)(?=名|位|高|低|[,，。;；.\ue000]|\Z)(?:名|位)?(?P<end>高|低)?")
_ENGLISH_RANK = re.compile(
    r"\b(?:ranks?|ranked|comes?|placed)\s+(?P<n>first|second|third|fourth|fifth)\b|\b(?P<m>second|third|fourth)[- ](?P<end>highest|lowest)"
)
_NTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
_FORM_KINDS = (
    "total_score",
    "execution_rate",
    "adjusted_budget",
    "outturn",
    "original_budget",
    "lost",
    "unspent",
    "budget_score",
    "total_weight",
)


def fault_of_order(tokens: Tokens, ground: Ground) -> str:
    """A claim of order that the values do not bear out, or that nothing can be held against."""
    checks = (_superlatives, _ranks, _comparisons, _lists)
    return next((fault for check in checks for fault in check(tokens, ground)), "")


def _superlatives(tokens: Tokens, ground: Ground) -> Iterator[str]:
    for pattern, best in ((_HIGHEST, max), (_LOWEST, min)):
        for m in pattern.finditer(tokens.rest):
            if _ENGLISH_RANK.search(tokens.rest[max(0, m.start() - 8) : m.end()]):
                continue
            subject = _subject(tokens, m.start(), m.end())
            kind = _kind(tokens, m.start(), m.end(), ground)
            if not _is_best(subject, kind, best, tokens, ground):
                yield f"order {m[0]}"


def _is_best(subject: Term | None, kind: str | None, best: Callable[..., Decimal], tokens: Tokens, ground: Ground) -> bool:
    if subject is not None and subject.kind == "group":
        sides = {group.name: group.figure.value for group in (*ground.result.sides, *ground.result.groups) if group.figure}
        return subject.text in sides and sides[subject.text] == best(sides.values())
    values = _values(kind, ground)
    if not values:
        return False
    limit = best(value for _, value in values)
    if subject is not None:
        return any(value == limit for form, value in values if form in subject.forms)
    # Nobody is named: then the number itself has to be that of a form that is cited.
    cited = {cell.form.form_id for cell in cells_of([n for run in tokens.runs for n in run.cites], ground)}
    return any(value == limit for form, value in values if form in cited)


def _subject(tokens: Tokens, begin: int, end: int) -> Term | None:
    """Whom a claim is about: the name right behind it, else the one before it, else the next one."""
    names = tokens.named("project", "group")
    following = next((name for name in names if name.begin >= end), None)
    clause = max((m.end() for m in _CLAUSE.finditer(tokens.plain, 0, begin)), default=0)
    before = nearest(names, begin)
    if following is not None:
        between = tokens.plain[end : following.begin]
        if (before is None or before.begin < clause or "的" in between[:2]) and not _CLAUSE.search(between.rstrip(",，")):
            return following
    return before or following


def _kind(tokens: Tokens, begin: int, end: int, ground: Ground) -> str | None:
    """Which value a claim compares: its label before or behind it, else what the question asks for."""
    before = [one for one in labels(tokens.rest[:begin]) if "*" not in one[2]]
    after = [one for one in labels(tokens.rest[end : end + 40]) if "*" not in one[2]]
    english = tokens.rest[end : end + 1].isspace()
    found = after[0][2] if after and (english or not before) else before[-1][2] if before else None
    if found:
        return _chosen(found, ground)
    query = ground.result.query
    asked = [*query.measures, *query.fields]
    return {"lost_points": "lost"}.get(asked[0], asked[0]) if asked else "total_score"


def _chosen(kinds: frozenset[str], ground: Ground) -> str:
    rows = any(line.row is not None for line in ground.result.lines)
    if rows and kinds & {"score", "weight", "actual", "target"}:
        return next(kind for kind in ("score", "weight", "actual", "target") if kind in kinds)
    return next((kind for kind in _FORM_KINDS if kind in kinds), next(iter(kinds)))


def _values(kind: str | None, ground: Ground) -> list[tuple[str, Decimal]]:
    """The values of every form (or row) that the answer ranks, by form."""
    result = ground.result
    lines = result.lines or tuple(line for side in result.sides for line in side.lines) or tuple(every_line(result))
    if kind is None:
        return []
    if any(line.row is not None for line in lines) and kind not in _FORM_KINDS[:5]:
        return [(line.form.form_id, value) for line in lines if (value := _of_row(line, kind)) is not None]
    heads = {line.form.form_id: line.form for line in lines}
    if len(heads) < 2:
        heads = {head.form_id: head for head in result.scope}
    return [(form, value) for form, head in heads.items() if (value := _of_form(head, kind)) is not None]


def _of_row(line: Line, kind: str) -> Decimal | None:
    row = line.row
    if row is None:
        return None
    if kind in ("weight", "score", "lost"):
        value = getattr(row, kind)
        return value if isinstance(value, Decimal) else None
    read = parse(getattr(row, kind, None)) if kind in ("target", "actual") else None
    return read.value if isinstance(read, Quantity) else None


def _of_form(head: Head, kind: str) -> Decimal | None:
    if kind == "lost":
        return None if head.total_weight is None or head.total_score is None else head.total_weight - head.total_score
    if kind == "unspent":
        spent, held = _of_form(head, "outturn"), _of_form(head, "adjusted_budget")
        return None if spent is None or held is None else held - spent
    value = getattr(head, kind, None)
    if not isinstance(value, Decimal) or kind not in MONEY:
        return value if isinstance(value, Decimal) else None
    factor = money_factor(unit_of(head), "元")
    return None if factor is None or head.doubtful else value * factor


def _ranks(tokens: Tokens, ground: Ground) -> Iterator[str]:
    for pattern in (_RANK, _ENGLISH_RANK):
        for m in pattern.finditer(tokens.plain):
            found = m.groupdict()
            told = found["n"] or found.get("m") or ""
            n = _NTH.get(told) or (int(told) if told.isdigit() else int(chinese_number(told) or 0))
            subject = _subject(tokens, m.start(), m.end())
            values = _values(_kind(tokens, m.start(), m.end(), ground), ground)
            own = [value for form, value in values if subject is not None and form in subject.forms]
            rising = found.get("back") or found.get("end") in ("低", "lowest")
            free = not rising and found.get("end") is None and ground.result.query.order == "asc"
            above = {sum(1 for _, value in values if value > one) + 1 for one in own}
            below = {sum(1 for _, value in values if value < one) + 1 for one in own}
            if n not in (below if rising else above | below if free else above):
                yield f"rank {m[0]}"


def _comparisons(tokens: Tokens, ground: Ground) -> Iterator[str]:
    names = tokens.named("project", "group")
    if names and _ALONE.search(tokens.rest[: names[0].begin]):
        yield f"comparison with {names[0].text}"
    for first, second in pairwise(names):
        between = tokens.rest[first.end : second.begin]
        greater = _direction(between, tokens.rest[second.end : second.end + 40])
        if greater is None:
            continue
        kind = _kind(tokens, second.begin, second.end, ground)
        a, b = _value_of(first, kind, ground), _value_of(second, kind, ground)
        if a is None or b is None or not (a > b if greater else a < b):
            yield f"comparison of {first.text} and {second.text}"


def _direction(between: str, after: str) -> bool | None:
    """Whether the first of two names is said to be above the second; None where they are not compared."""
    if _END.search(between):
        return None
    if _GREATER.search(between):
        return True
    if _SMALLER.search(between):
        return False
    if not _THAN.search(between):
        return None
    more, fewer = _MORE.search(after), _FEWER.search(after)
    if more is None and fewer is None:
        return None
    return fewer is None or (more is not None and more.start() < fewer.start())


def _value_of(name: Term, kind: str | None, ground: Ground) -> Decimal | None:
    if name.kind == "group":
        sides = {group.name: group.figure for group in (*ground.result.sides, *ground.result.groups)}
        figure = sides.get(name.text)
        return figure.value if figure else None
    own = [value for form, value in _values(kind, ground) if form in name.forms]
    if own:
        return own[0]
    heads = [ground.every.heads[form] for form in name.forms if form in ground.every.heads]
    return _of_form(heads[0], kind) if heads and kind else None


def _lists(tokens: Tokens, ground: Ground) -> Iterator[str]:
    for pattern, sign in ((words.FALLING_ORDER, 1), (words.RISING_ORDER, -1)):
        m = re.search(pattern, tokens.plain)
        if m is None:
            continue
        kind = _kind(tokens, m.start(), m.start(), ground)
        told = [value for name in tokens.named("project") if (value := _value_of(name, kind, ground)) is not None]
        if len(told) < 2:
            told = _cited_values(tokens, kind, ground)
        if len(told) < 2 or any((a - b) * sign < 0 for a, b in pairwise(told)):
            yield f"order {m[0]}"


def _cited_values(tokens: Tokens, kind: str | None, ground: Ground) -> list[Decimal]:
    cells = cells_of([n for run in tokens.runs for n in run.cites], ground)
    forms = dict.fromkeys(cell.form.form_id for cell in cells)
    heads = [ground.every.heads[form] for form in forms]
    return [value for head in heads if kind and (value := _of_form(head, kind)) is not None]
