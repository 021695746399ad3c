"""Mutations of zip packages: of a member and of the archive around them, with sizes that lie and members that blow up."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from random import Random

from eval.fuzz.marks import WHOLE_XML, XML
from eval.fuzz.spoil import ANY, Mutation

_BOMBS = (100_000, 3_000_000, 30_000_000)
"""Bytes that a member blows up to."""
_WHOLE = 0.8
"""Share of mutations after which the XML can be parsed."""
_METHODS = (0, 8, 9, 12, 14, 95, 99)
_NAMES = (
    "../../etc/passwd",
    "/etc/passwd",
    "word/document.xml",
    "xl/vbaProject.bin",
    "a" * 5000,
    "项目\u202e.xml",
    "xl/worksheets/",
    "",
    "word/document2.xml",
)
_CENTRAL, _SIZES, _METHOD, _FLAGS = b"PK\x01\x02", 20, 10, 8
"""A member's entry in the central directory: where its two sizes, its method and its flags stand."""


def part_spoiled(raw: bytes, rng: Random) -> bytes:
    """The content of one member spoiled as XML, once or several times."""
    members = _members(raw)
    if not members:
        return raw
    # The large ones hold what is read.
    name = rng.choices(list(members), weights=[len(content) + 50 for content in members.values()])[0]
    for _ in range(rng.choice((1, 1, 2, 3))):
        members[name] = rng.choice(WHOLE_XML if rng.random() < _WHOLE else XML)(members[name], rng)
    return packed(members)


def member_moved(raw: bytes, rng: Random) -> bytes:
    """A member missing, twice, under another name, or a link of the package to what is none."""
    members = _members(raw)
    if not members:
        return raw
    name, other, how = rng.choice(list(members)), rng.choice(list(members)), rng.randrange(4)
    if how == 0:
        del members[name]
    elif how == 1:
        members[rng.choice(_NAMES)] = members.pop(name)
    elif how == 2:
        members[name], members[other] = members[other], members[name]
    else:
        members[rng.choice(_NAMES)] = members[name]
    return packed(members)


def blown_up(raw: bytes, rng: Random) -> bytes:
    """A member that unpacks to very much: spaces in its XML, or a part that nothing refers to."""
    members = _members(raw)
    if not members:
        return raw
    name, fill = rng.choice(list(members)), rng.choice((b" ", b"\0", b"<a/>", b"A"))
    inside = rng.random() < 0.6
    content = members[name]
    filling = fill * (rng.choice(_BOMBS) // len(fill))
    at = max(0, content.rfind(b"</"))
    members[name if inside else "xl/media/x.xml"] = content[:at] + filling + content[at:] if inside else filling
    return packed(members)


def directory_lies(raw: bytes, rng: Random) -> bytes:
    """Sizes, method or flags of a member in the directory that are not its own."""
    places = [at for at in range(len(raw)) if raw.startswith(_CENTRAL, at) and len(raw) > at + 46]
    if not places:
        return raw
    at, how = rng.choice(places), rng.randrange(4)
    if how < 2:
        offset = at + _SIZES + 4 * how
        return raw[:offset] + struct.pack("<I", rng.choice((0, 1, 2**31, 2**32 - 1, 10**6))) + raw[offset + 4 :]
    if how == 2:
        return raw[: at + _METHOD] + struct.pack("<H", rng.choice(_METHODS)) + raw[at + _METHOD + 2 :]
    return raw[: at + _FLAGS] + struct.pack("<H", rng.choice((1, 8, 0x800, 0xFFFF))) + raw[at + _FLAGS + 2 :]


def packed(members: dict[str, bytes]) -> bytes:
    """A package of these members, the same for the same ones."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in members.items():
            # With a date of its own, and not the clock's.
            info = zipfile.ZipInfo(name or "x")
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def members_of(raw: bytes) -> dict[str, bytes]:
    """The members of a whole package."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def _members(raw: bytes) -> dict[str, bytes]:
    """The members of what may be broken already; none then."""
    try:
        return members_of(raw)
    except (zipfile.BadZipFile, OSError, ValueError, KeyError, NotImplementedError, RuntimeError, EOFError, zlib.error, lzma.LZMAError):
        return {}


ZIP: tuple[Mutation, ...] = (*(part_spoiled,) * 20, *(member_moved,) * 2, blown_up, *(directory_lies,) * 2, *ANY)
"""Mostly what is inside: what breaks the archive is refused at the door."""
