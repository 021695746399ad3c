"""Words of a sentence that nobody cited: invented projects, units and places, years of other forms, claims in free words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from agents.answer.compose.words import GROUPS_EN, LABELS
from agents.answer.verify import words
from agents.answer.verify.cells import Cell
from agents.answer.verify.ground import Ground
from agents.answer.verify.sentence import cells_of, segment
from agents.answer.verify.text import level
from agents.answer.verify.tokens import Term, Tokens, labels, nearest
from agents.answer.words.english import ENGLISH
from agents.answer.words.places import PLACES
from schema.text import fold

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_TAIL = re.compile(
    r"项目|经费|工程|专项|服务费|保障金|平台|系统|运维费?|建设|委员会|办公室|中心|[^格布结全大开支][局院厅]|公司|集团|学校|医院|街道|"
    r"(?<![内全外])部(?![分门])|政府|政务处"
)
_CAPITALS = re.compile(r"(?<![\w.])[A-Z][a-zA-Z]+(?:\s+(?:of|and|for|the)\s+|\s+)(?:[A-Z][a-zA-Z]+\s*)+")
_UNCOVERED = 4


def fault_of_words(tokens: Tokens, ground: Ground, carried: frozenset[str] | None) -> str:
    """A name, a year or a wording that what is cited does not hold; empty when all is known."""
    cells = cells_of([n for run in tokens.runs for n in run.cites], ground)
    for term in tokens.named("strange"):
        return f"name {term.text}"
    checks = (
        _names(tokens, cells, carried),
        _units(tokens, cells, ground),
        _years(tokens, cells, ground),
        _inventions(tokens, cells, ground),
    )
    return next((fault for check in checks for fault in check), "")


def _names(tokens: Tokens, cells: Sequence[Cell], carried: frozenset[str] | None) -> Iterator[str]:
    """A project that is named has to be cited in the sentence, and the marks behind a name have to be its own."""
    cited = {cell.form.form_id for cell in cells}
    names = tokens.named("project")
    for name in names:
        if not name.forms & (cited | (carried or frozenset() if not tokens.numbers else frozenset())):
            yield f"project without citation {name.text}"
    by_n = {cell.n: cell for cell in cells}
    for run in tokens.runs:
        begin, _ = segment(tokens, run.begin)
        told = [name for name in tokens.named("project", "group") if begin <= name.begin < run.begin]
        own = {by_n[n].form.form_id for n in run.cites if n in by_n}
        if told and own and not any(name.forms & own for name in told):
            yield f"citation of another project than {told[-1].text}"
        adjacent = nearest(told, run.begin)
        if adjacent and own and not tokens.rest[adjacent.end : run.begin].strip('\ue000 ()（）年度”"') and not adjacent.forms & own:
            yield f"citation of another project than {adjacent.text}"


def _bold(tokens: Tokens) -> Iterator[str]:
    """What is printed in bold is a name that is known, a number or a word of forms, and nothing more."""
    for bold in tokens.bold:
        left = level(bold)
        for term in sorted(tokens.terms, key=lambda term: -len(term.text)):
            left = left.replace(level(term.text), "")
        for m in _HAN.finditer(left):
            if "x" in _bare(m[0], "") or any(left.count(tail) for tail in ("项目", "经费")):
                yield f"name {bold}"


def _units(tokens: Tokens, cells: Sequence[Cell], ground: Ground) -> Iterator[str]:
    cited = {cell.form.form_id for cell in cells}
    names = tokens.named("project")
    for unit in tokens.named("unit"):
        if (not unit.forms & cited and unit.text not in ground.said) or (
            names and not any(name.forms & unit.forms for name in _beside(names, unit))
        ):
            yield f"unit {unit.text}"
    said = level(ground.said)
    for place in PLACES:
        for m in re.finditer(place, tokens.rest):
            here = Term(m.start(), m.end(), place, "place")
            heads = [ground.every.heads[form] for name in _beside(names, here) for form in name.forms if form in ground.every.heads]
            heads = heads or [cell.form for cell in cells]
            own = " ".join(f"{head.name}{''.join(head.units)}" for head in heads)
            if place not in own and (names or place not in said) and not any(place in cell.text for cell in cells):
                yield f"place {place}"


def _beside(names: Sequence[Term], term: Term) -> list[Term]:
    """The project that a unit or a place is told of: the name right behind it, else the last before it, else any."""
    after = [name for name in names if 0 <= name.begin - term.end <= 4]
    before = nearest(list(names), term.begin)
    return after or ([before] if before else list(names))


def _years(tokens: Tokens, cells: Sequence[Cell], ground: Ground) -> Iterator[str]:
    names = tokens.named("project", "group")
    asked = {year for scope in (ground.result.query.scope, *ground.result.query.sides) for year in scope.years}
    for position, year in tokens.years:
        after = [name for name in names if 0 <= name.begin - position <= 10]
        before = [name for name in names if 0 <= position - name.end <= 3]
        beside = before or after
        of = [ground.every.heads[form] for name in beside for form in name.forms if form in ground.every.heads] or [c.form for c in cells]
        if of and not any(head.fiscal_year == year for head in of):
            yield f"year {year}"
        if not of and year not in asked and year not in ground.years:
            yield f"year {year}"


def _inventions(tokens: Tokens, cells: Sequence[Cell], ground: Ground) -> Iterator[str]:
    held = [text for cell in cells for text in (cell.text, cell.row_name, *cell.form.units)]
    known = level(" ".join([ground.said, *held]))
    for m in _HAN.finditer(tokens.rest):
        bare = _bare(m[0], known)
        for tail in _TAIL.finditer(m[0]):
            before = m[0][max(0, tail.start() - 2) : tail.start()]
            if len(before) == 2 and not _free_end(m[0][: tail.start()]) and before + tail[0] not in known:
                yield f"name {m[0]}"
        longest = max((len(run) for run in re.findall(r"x+", bare)), default=0)
        if longest >= _UNCOVERED:
            yield f"words {m[0]}"
    yield from _english(tokens, known)


def _free_end(before: str) -> bool:
    """Whether what stands before a noun is grammar or a word of forms: 这些项目, 扣分项目."""
    return any(before.endswith(word) for word in _plain()) or bool(labels(before) and labels(before)[-1][1] == len(before))


@lru_cache(maxsize=1)
def _plain() -> tuple[str, ...]:
    own = [*words.PLAIN.split(), *(zh for zh, _ in LABELS.values()), *GROUPS_EN]
    return tuple(sorted(set(own), key=len, reverse=True))


def _bare(run: str, known: str) -> str:
    """A run of Chinese with x for every character that neither grammar nor what is known covers."""
    covered = [False] * len(run)
    for word in _plain():
        for m in re.finditer(re.escape(word), run):
            covered[m.start() : m.end()] = [True] * len(word)
    for begin, end, _ in labels(run):
        covered[begin:end] = [True] * (end - begin)
    for i in range(len(run) - 1):
        if run[i : i + 2] in known:
            covered[i] = covered[i + 1] = True
    return "".join("." if c else "x" for c in covered)


def _english(tokens: Tokens, known: str) -> Iterator[str]:
    """Names in English: several words with capitals, of which forms and questions know nothing."""
    # Capitals are in the text only; what is masked in the levelled one is left out.
    for m in _CAPITALS.finditer(tokens.text):
        if tokens.plain[m.start()] == "\ue000":
            continue
        strange = [w for w in re.findall(r"[A-Za-z]+", m[0]) if not _is_known(w.lower(), known)]
        if strange and m.end() - m.start() > len(strange[0]):
            yield f"name {m[0].strip()}"


@lru_cache(maxsize=1)
def _english_words() -> frozenset[str]:
    own = " ".join([*GROUPS_EN.values(), *(en for _, en in LABELS.values()), words.ENGLISH_FREE])
    return frozenset(re.findall(r"[a-z]+", own.lower()))


def is_answer_word(word: str) -> bool:
    """Whether an English word, in small letters, belongs to the vocabulary that answers have."""
    return word in _english_words() or word.rstrip("s") in _english_words() or word in ENGLISH


def _is_known(word: str, known: str) -> bool:
    if word in _english_words() or word in fold(known):
        return True
    # English for what a cited form says in Chinese.
    return any(zh in known for zh in ENGLISH.get(word, ()))
