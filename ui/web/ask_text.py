"""The text of an answer as HTML, and its tables as rows. Whatever stands in it came out of documents or a model: nothing of it is markup.

Markdown is read for paragraphs, tables, lists and emphasis only: no HTML, no links, no pictures. A mark [3] becomes a chip.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

_MARK = re.compile(r"\[(\d{1,5})\](?:–\[(\d{1,5})\])?")
_RUN = re.compile(r"(?:\[\d{1,5}\](?:–\[\d{1,5}\])?)+")
_SHOWN = 3
"""Chips of a row of chips that show at once."""

Chip = Callable[[int], Markup]


class Table(NamedTuple):
    """A table of an answer as plain texts, its marks taken off."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class AnswerText:
    """Renders the texts of one answer.

    Args:
        chip: the chip of a citation's number.
        more: what stands for so many further chips, and the chips themselves.
        table: puts a table (its number from 0, its HTML) into its frame.
    """

    def __init__(self, chip: Chip, more: Callable[[int, Markup], Markup], table: Callable[[int, Markup], Markup]) -> None:
        self._chip, self._more, self._table = chip, more, table

    def render(self, markdown: str) -> Markup:
        """The HTML."""
        out, inside, number = Markup(), Markup(), 0
        depth = 0
        tokens = _parsed(markdown)
        renderer, options = _READER.renderer, _READER.options
        env: dict[str, Any] = {"answer": self}
        assert isinstance(renderer, RendererHTML)
        for at, token in enumerate(tokens):
            depth += token.type == "table_open"
            html = Markup(
                renderer.renderInline(token.children or (), options, env) if token.type == "inline" else _block(renderer, tokens, at, env)
            )
            if depth:
                inside += html
            else:
                out += html
            if token.type == "table_close":
                depth, number, out, inside = 0, number + 1, out + self._table(number, inside), Markup()
        return out

    def text(self, content: str) -> Markup:
        """A run of text, its marks as chips."""
        out, end = Markup(), 0
        for run in _RUN.finditer(content):
            numbers = [one for first, last in _MARK.findall(run[0]) for one in _counted(first, last)]
            out += escape(content[end : run.start()]) + self._chips(numbers)
            end = run.end()
        return out + escape(content[end:])

    def _chips(self, numbers: Sequence[int]) -> Markup:
        at_once = len(numbers) if len(numbers) <= _SHOWN + 1 else _SHOWN
        shown = Markup().join(self._chip(one) for one in numbers[:at_once])
        rest = numbers[at_once:]
        return shown + self._more(len(rest), Markup().join(self._chip(one) for one in rest)) if rest else shown


def _counted(first: str, last: str) -> range:
    return range(int(first), min(int(last or first), int(first) + 9999) + 1)


def tables_of(markdown: str) -> list[Table]:
    """The tables of an answer, in order."""
    found: list[list[list[str]]] = []
    for token in _parsed(markdown):
        if token.type == "table_open":
            found.append([])
        elif token.type == "tr_open" and found:
            found[-1].append([])
        elif token.type == "inline" and found and token.level > 0 and _in_table(token):
            found[-1][-1].append(plain_text(token.children or ()))
    return [Table(tuple(rows[0]), tuple(map(tuple, rows[1:]))) for rows in found if rows]


def plain_text(tokens: Sequence[Token]) -> str:
    """The text of inline tokens without emphasis and marks."""
    text = "".join("\n" if one.type in ("softbreak", "hardbreak") else one.content for one in tokens)
    return _RUN.sub("", text).strip()


def _in_table(token: Token) -> bool:
    # Cells are the inline tokens three levels inside a table; a paragraph in a list stands at others.
    return token.meta.get("cell", False) if token.meta else False


def _parsed(markdown: str) -> list[Token]:
    tokens = _READER.parse(markdown)
    before = ""
    for token in tokens:
        if token.type == "inline" and before in ("th_open", "td_open"):
            token.meta = {"cell": True}
        before = token.type
    return tokens


def _block(renderer: RendererHTML, tokens: Sequence[Token], at: int, env: dict[str, Any]) -> str:
    rule = renderer.rules.get(tokens[at].type)
    return str(rule(tokens, at, _READER.options, env) if rule is not None else renderer.renderToken(tokens, at, _READER.options, env))


def _text_rule(self: RendererHTML, tokens: Sequence[Token], at: int, options: OptionsDict, env: Mapping[str, Any]) -> str:  # noqa: ARG001
    answer: AnswerText = env["answer"]
    return str(answer.text(tokens[at].content))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("table")
    reader.disable(["link", "image", "autolink", "html_inline", "html_block", "reference", "code", "entity", "lheading"])
    reader.add_render_rule("text", _text_rule)
    return reader


_READER = _reader()
