"""`jihe page`: a look at a page, and at what was read from it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.files import Fingerprint, fingerprint
from ingest.urls import checked, is_url, local_path
from schema.cells import get_cell
from schema.errors import DocumentError, UsageError
from schema.evidence import PagePlace
from schema.form import Form
from store.export.atomic import replacing
from ui.cli.console import out
from ui.cli.home import HomeOption, open_store

if TYPE_CHECKING:
    from ingest.render import Layer, Mark


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("page")(page)


def page(
    ctx: typer.Context,
    file: Annotated[str, typer.Argument(help="PDF、图片、OFD 文件或 s3:// 等地址，或按页编号的一组图片所在的文件夹。", metavar="FILE")],
    number: Annotated[int, typer.Argument(help="页码，从 1 起。", metavar="N")],
    *,
    output: Annotated[Path, typer.Option("--output", "-o", help="写到哪个 PNG 文件。", metavar="FILE")],
    words: Annotated[bool | None, typer.Option("--words/--no-words", help="框出读到的文字。", show_default="不写 --form 时画")] = None,
    rulings: Annotated[bool | None, typer.Option("--rulings/--no-rulings", help="描出表格线。", show_default="不写 --form 时画")] = None,
    cells: Annotated[bool | None, typer.Option("--cells/--no-cells", help="框出单元格。", show_default="不写 --form 时画")] = None,
    form: Annotated[str | None, typer.Option(help="表号或项目名称：框出这张表各单元格的出处，待核对的用另一种颜色。")] = None,
    cell: Annotated[str | None, typer.Option(help="只框这个单元格的出处，如 indicators[3].score；与 --form 一起用。")] = None,
    dpi: Annotated[int, typer.Option(min=36, max=600, help="每英寸点数。")] = 150,
    home: HomeOption = None,
) -> None:
    """把一页画成 PNG 图片，框出读到的文字、表格线、单元格和出处。

    颜色的含义写在图的下边。只要原样的图，用 --no-words --no-rulings --no-cells。
    """
    # Imported here: drawing takes libraries that no other command needs at its start.
    from ingest.render import draw_page  # noqa: PLC0415

    if cell is not None and form is None:
        raise UsageError("--cell 要和 --form 一起用。")
    switches: tuple[tuple[Layer, bool | None], ...] = (("words", words), ("rulings", rulings), ("cells", cells))
    layers = [name for name, wanted in switches if (form is None if wanted is None else wanted)]
    with _here(file) as (path, identity):
        marks: list[Mark] = []
        if form is not None:
            with open_store(ctx, home) as store:
                found = store.get(form)
            if found.source is None or found.source.sha256 != identity.sha256:
                whence = f"而是 {found.source.file}" if found.source else "没有原件"
                raise UsageError(f"表 {found.form_id} 不是从 {file} 读出的，{whence}。")
            marks = list(_of_form(found, number) if cell is None else _of_cell(found, cell, number))
        picture = draw_page(path, identity.kind, number, layers, marks, dpi)
    with replacing(output) as part:
        part.write_bytes(picture)
    out().print(f"第 {number} 页已画到 {output}。")


@contextmanager
def _here(file: str) -> Iterator[tuple[Path, Fingerprint]]:
    """The file, or a copy of what lies at an address for as long as it is needed; errors name what was asked for."""
    own = local_path(checked(file)) if is_url(file) else file
    if own is not None:
        yield Path(own), fingerprint(Path(own))
        return
    # Imported here: few calls name addresses.
    from agents.engines.names import called  # noqa: PLC0415
    from agents.engines.spool import Spool  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="jihe-page-") as folder, closing(Spool(Path(folder))) as spool:
        remote, identity = spool.bring(file)
        try:
            yield remote.take(), identity
        except DocumentError as e:
            raise called(e, file) from e


def _of_form(found: Form, number: int) -> Iterator[Mark]:
    """The places of all cells of the form on this page."""
    doubtful = {mark.cell for mark in found.review}
    marks = [mark for cell in found.evidence for mark in _marks(found, cell, number, doubtful=cell in doubtful)]
    if not marks:
        pages = found.source.pages if found.source else ()
        raise UsageError(f"表 {found.form_id} 不在第 {number} 页，在第 {'、'.join(map(str, pages))} 页。")
    yield from marks


def _of_cell(found: Form, cell: str, number: int) -> Iterator[Mark]:
    get_cell(found, cell)
    marks = list(_marks(found, cell, number, doubtful=any(mark.cell == cell for mark in found.review), label=cell))
    if not marks:
        evidence = found.evidence.get(cell)
        pages = "、".join(str(page) for page in sorted({p.page for p in (evidence.at if evidence else ()) if isinstance(p, PagePlace)}))
        raise UsageError(
            f"{cell} 不在第 {number} 页" + (f"，在第 {pages} 页。" if pages else "：它是空的，没有出处；可以看同一行的其他单元格。")
        )
    yield from marks


def _marks(found: Form, cell: str, number: int, *, doubtful: bool, label: str = "") -> Iterator[Mark]:
    from ingest.render import Mark  # noqa: PLC0415 - as above

    evidence = found.evidence.get(cell)
    for place in evidence.at if evidence else ():
        if isinstance(place, PagePlace) and place.page == number:
            yield Mark(place.bbox, label, doubtful)
