"""What a question leaves out: names within 除了…以外, 不含…, outside … are not what it is about, and never read as if they were."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agents.answer.names.corpus import Span
from agents.answer.plan.draft import Draft
from agents.answer.plan.evidence import MANY
from agents.answer.plan.link import project_span
from agents.answer.query import Scope
from agents.answer.words import excluded as words
from agents.answer.words import measures as words_measures

_NEAR = 8
"""Characters of a name before the part of it that was found."""
_OUTSIDE = re.compile(r"(?:的)?(?:以外|之外|外)")
_ONE_MORE = re.compile(r"[^,。?!;]{0,20}(?:还|也|又)(?:想|要|请)")
_KINDS = frozenset({"project", "unit", "place", "year"})


def read_excluded(draft: Draft, spans: Sequence[Span]) -> list[Span]:
    """Put what is left out aside; the names that are left are those that the question is about."""
    out: list[Span] = []
    starts, ends = {span.start: span for span in spans}, {span.end: span for span in spans}
    for pattern, strict in ((words.BEFORE, False), (words.BESIDE_NAMES, True)):
        for match in pattern.finditer(draft.text.plain):
            if draft.text.is_free(*match.span()):
                _read_before(draft, match, starts, out, strict=strict)
    for match in words.BEHIND.finditer(draft.text.plain):
        if draft.text.is_free(*match.span()):
            _read_behind(draft, match, ends, out)
    draft.out += [span for span in out if span.kind in _KINDS]
    draft.unknown += [f"“{span.said}”" for span in out if span.kind not in _KINDS]
    left_out = {span.start for span in out}
    return [span for span in spans if span.start not in left_out]


def without(draft: Draft, scope: Scope) -> Scope:
    """The scope less what is left out."""
    if not draft.out:
        return scope
    forms = tuple(dict.fromkeys(form for span in draft.out if span.kind == "project" for form in span.forms))
    units = tuple(dict.fromkeys(name for span in draft.out if span.kind in ("unit", "place") for name in span.names))
    years = tuple(dict.fromkeys(span.year for span in draft.out if span.kind == "year" and span.year))
    said = "、".join(dict.fromkeys(span.said for span in draft.out))
    return scope.model_copy(update={"out_forms": forms, "out_units": units, "out_years": years, "out_said": said})


def _read_before(draft: Draft, match: re.Match[str], starts: Mapping[int, Span], out: list[Span], *, strict: bool) -> None:
    """除了X和Y以外: the names that follow one another behind the marker; words that are no whole name where none follows."""
    plain, place = draft.text.plain, _first(draft, match.end(), starts)
    found: list[Span] = []
    while (span := starts.get(place)) is not None:
        found.append(span)
        linked = words.AND.match(plain, _unquoted(plain, span.end))
        place = _first(draft, linked.end(), starts) if linked else span.end
    if found:
        out += [_shown(draft, span) for span in found]
        end = _unquoted(plain, found[-1].end)
        closed = words.CLOSED.match(plain, end)
        draft.text.take(match.start(), closed.end() if closed else end)
    elif not strict:
        _read_word(draft, match, out)


def _read_word(draft: Draft, match: re.Match[str], out: list[Span]) -> None:
    """A project that is named in part, or something that is not understood, and then told."""
    plain = draft.text.plain
    word = words.WORD.match(plain, match.end() + (plain[match.end() : match.end() + 1] == " "))
    if word is None or words.FURTHER.match(word[0]) or not _is_marked(plain, match, word):
        return
    start, end = word.start(), word.end() - len(words.TAIL.search(word[0])[0])  # type: ignore[index]
    said = plain[start:end]
    names = draft.corpus.project(said) if len(said) > 1 else []
    if 0 < len(names) <= MANY:
        out.append(project_span(draft, start, end, names))
        closed = words.CLOSED.match(plain, word.end())
        draft.text.take(match.start(), closed.end() if closed else word.end())
    elif not draft.corpus.named_in(match[0] + said[:2]):
        draft.unknown.append(f"“{draft.text.shown[match.start() : word.end()]}”")
        draft.text.take(match.start(), word.end())


def _is_marked(plain: str, match: re.Match[str], word: re.Match[str]) -> bool:
    """Whether something is left out at all: a lone 除 needs 外 behind it; 不计 and the like are said of other things, too."""
    if match[0] == "除":
        return _OUTSIDE.match(plain, word.end()) is not None
    # 除了执行率，还想知道总分: one thing more, and nothing less.
    return not (any(p.fullmatch(word[0]) for _, p in words_measures.MEASURES) and _ONE_MORE.match(plain, word.end() + 1))


def _read_behind(draft: Draft, match: re.Match[str], ends: Mapping[int, Span], out: list[Span]) -> None:
    """X、Y以外: the names that end at the marker."""
    plain, place = draft.text.plain, match.start()
    first = place
    while (span := ends.get(place - (plain[place - 1 : place] == '"'))) is not None and all(span.start != one.start for one in out):
        out.append(_shown(draft, span))
        first = span.start
        linked = re.search(rf"(?:{words.AND.pattern})\Z", plain[:first])
        if linked is None:
            break
        place = linked.start()
    if first != match.start():
        draft.text.take(first, match.end())
        return
    if "排除" in match[0]:
        # 故障已经排除: said of other things, too.
        return
    word = re.search(r"[\u4e00-\u9fffa-z0-9%.]{2,16}\Z", plain[: match.start()])
    if word and not words.FURTHER.search(word[0]) and draft.text.is_free(word.start(), match.end()):
        draft.unknown.append(f"“{draft.text.shown[word.start() : match.end()]}”")
        draft.text.take(word.start(), match.end())


def _first(draft: Draft, place: int, starts: Mapping[int, Span]) -> int:
    """Where a name begins, words before it that say nothing passed over."""
    plain = draft.text.plain
    match = words.SKIPPED.match(plain, place)
    if place in starts or match is None:
        return place
    # Of a stored name only the end may have been found.
    near = (span for start, span in starts.items() if 0 < start - place <= _NEAR and any(plain[place : span.end] in n for n in span.names))
    return next((span.start for span in near), match.end())


def _unquoted(plain: str, place: int) -> int:
    return place + (plain[place : place + 1] == '"')


def _shown(draft: Draft, span: Span) -> Span:
    return Span(span.start, span.end, span.kind, draft.text.shown[span.start : span.end], span.names, span.forms, span.year)
