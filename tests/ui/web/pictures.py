"""`python -m tests.ui.web.pictures`: the pictures of the README, out of the screenshots that test_web_pictures.py keeps.

The screenshots are artefacts of a test, so a picture cannot show what the app does not do; here they are cut to what fits a page of text,
and to a palette, which makes them a third as large.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.ui.web.conftest import PICTURES

FOLDER = Path(__file__).parents[3] / "docs" / "images"
CHOSEN = {"forms": (0, 560), "form": (0, 800), "review": (0, 672), "ask": (0, 726), "analysis": (0, 1260)}
"""Page, and from which to which line it is shown."""
COLOURS, MOST_BYTES = 128, 150_000


def main() -> None:
    """Write the pictures.

    Raises:
        SystemExit: one of them is larger than a picture in the repository should be.
    """
    FOLDER.mkdir(exist_ok=True)
    for name, (top, bottom) in CHOSEN.items():
        with Image.open(PICTURES / f"page-{name}-1280-zh.png") as screen:
            part = screen.convert("RGB").crop((0, top, screen.width, min(bottom, screen.height)))
        file = FOLDER / f"{name}.png"
        part.quantize(COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
        if file.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{file}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
