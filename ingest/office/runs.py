"""What the paragraphs of a Word file print: text that is deleted, hidden, white or too small to read does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNPRINTED = ("del", "moveFrom", "instrText", "delText", "pPr", "rPr", "tblPr", "sdtPr", "rt")
LEFT_OUT = frozenset({*(f"{W}{tag}" for tag in _UNPRINTED), f"{_MC}Fallback"})
"""Elements whose texts do not print: deleted, instructions, properties, readings above characters, doubles for old programs."""
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-", f"{W}softHyphen": ""}
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0FE": "☑", "F052": "☑", "F0A8": "□", "F06F": "□", "F0FC": "√", "F0D0": "∠",
            "F0B0": "°", "F0B4": "×", "F0B8": "÷", "F0A5": "∞", "F0B9": "≠", "F0BB": "≈", "F02D": "−", "F0B7": "·"}  # fmt: skip
"""What characters of the Symbol and Wingdings fonts print."""
_PRIVATE = {int(code, 16): text for code, text in _SYMBOLS.items()}
UNKNOWN = "\ufffd"
"""Stands for a symbol that is not known."""
_TINY = 4
"""Half points up to which a text cannot be read."""
_WHITE = "FFFFFF"
_PLAIN = frozenset({None, "auto", _WHITE, "clear"})
_DEEPEST = 20
"""Styles based on each other that are followed."""


@dataclass(frozen=True)
class Look:
    """What hides a text; None where nothing is said."""

    hidden: bool | None = None
    white: bool | None = None
    tiny: bool | None = None

    def over(self, below: Look) -> Look:
        """This look, where it says something, and the other elsewhere."""
        mine, theirs = (self.hidden, self.white, self.tiny), (below.hidden, below.white, below.tiny)
        return Look(*(b if a is None else a for a, b in zip(mine, theirs, strict=True)))


@dataclass
class Styles:
    """The looks of styles by their id, and the styles that shade tables."""

    looks: dict[str, Look] = field(default_factory=dict)
    shading: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, root: etree._Element) -> Styles:
        """The styles of a file."""
        found = {str(style.get(f"{W}styleId")): style for style in root.iter(f"{W}style")}
        shading = {name for name, style in found.items() if any(is_shaded(shade) for shade in style.iter(f"{W}shd"))}
        return cls({name: _style_look(name, found) for name in found}, shading)

    def look(self, properties: etree._Element | None, tag: str) -> Look:
        """The look of the style that these properties name."""
        named = properties.find(f"{W}{tag}") if properties is not None else None
        return self.looks.get(str(named.get(f"{W}val")), Look()) if named is not None else Look()


def _style_look(name: str, styles: dict[str, etree._Element]) -> Look:
    look = Look()
    for _ in range(_DEEPEST):
        style = styles.get(name)
        if style is None:
            break
        look = look.over(_own_look(style.find(f"{W}rPr")))
        based = style.find(f"{W}basedOn")
        name = str(based.get(f"{W}val")) if based is not None else ""
    return look


def _own_look(properties: etree._Element | None) -> Look:
    if properties is None:
        return Look()
    vanish, color, size = (properties.find(f"{W}{tag}") for tag in ("vanish", "color", "sz"))
    value = str(size.get(f"{W}val")) if size is not None else ""
    return Look(
        hidden=None if vanish is None else is_on(vanish),
        white=None if color is None else str(color.get(f"{W}val")).upper() == _WHITE,
        tiny=int(value) <= _TINY if value.isdecimal() and len(value) <= _TINY else None,
    )


def is_on(flag: etree._Element | None) -> bool:
    """Whether a property is set."""
    return flag is not None and flag.get(f"{W}val") not in ("0", "false", "off")


def is_shaded(shade: etree._Element | None) -> bool:
    """Whether a shading gives a colour that white text can be read on."""
    return shade is not None and shade.get(f"{W}fill") not in _PLAIN


@dataclass
class Runs:
    """Reads paragraphs; what does not print is kept in `hidden`."""

    styles: Styles
    hidden: list[str] = field(default_factory=list)

    def text(self, paragraph: etree._Element, shaded: bool = False) -> str:
        """What a paragraph prints; forced line breaks and tabs kept."""
        look = self.styles.look(paragraph.find(f"{W}pPr"), "pStyle")
        return "".join(self._printed(paragraph, look, shaded)).translate(_PRIVATE)

    def _printed(self, element: etree._Element, look: Look, shaded: bool) -> Iterator[str]:
        for child in element:
            if child.tag in LEFT_OUT or _is_placeholder(child):
                continue
            if child.tag == f"{W}r" and self._hides(child, look, shaded):
                text = "".join(self._inside(child, look, shaded)).strip()
                if text:
                    self.hidden.append(text)
            else:
                yield from self._inside(child, look, shaded)

    def _inside(self, child: etree._Element, look: Look, shaded: bool) -> Iterator[str]:
        if child.tag in (f"{W}t", f"{_M}t"):
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif child.tag == f"{W}sym":
            yield _SYMBOLS.get(str(child.get(f"{W}char")).upper(), UNKNOWN)
        elif child.tag == f"{W}ddList":
            yield _chosen(child)
        elif child.tag == f"{_M}f":
            parts = [part for tag in ("num", "den") for part in child.iterfind(f"{_M}{tag}")]
            yield "/".join("".join(self._printed(part, look, shaded)) for part in parts)
        elif child.tag == f"{W}p":
            # A text box inside a paragraph.
            yield "\n" + "".join(self._printed(child, look, shaded)) + "\n"
        else:
            yield from self._printed(child, look, shaded)

    def _hides(self, run: etree._Element, look: Look, shaded: bool) -> bool:
        properties = run.find(f"{W}rPr")
        look = _own_look(properties).over(self.styles.look(properties, "rStyle")).over(look)
        if look.hidden or look.tiny:
            return True
        if not look.white or shaded:
            return False
        return properties is None or not (is_shaded(properties.find(f"{W}shd")) or properties.find(f"{W}highlight") is not None)


def _is_placeholder(element: etree._Element) -> bool:
    """Whether a content control shows nothing but its invitation to fill it in."""
    return element.tag == f"{W}sdt" and element.find(f"{W}sdtPr/{W}showingPlcHdr") is not None


def _chosen(choices: etree._Element) -> str:
    """The entry that an old drop-down field shows."""
    chosen = choices.find(f"{W}result")
    if chosen is None:
        chosen = choices.find(f"{W}default")
    number = str(chosen.get(f"{W}val")) if chosen is not None else "0"
    entries = choices.findall(f"{W}listEntry")
    return str(entries[int(number)].get(f"{W}val")) if number.isdecimal() and len(number) < 8 and int(number) < len(entries) else ""
