"""PyMuPDF, imported without its layout model and its Markdown export.

Version 2 loads an ONNX page-layout model and pymupdf4llm on import: half a second and some 70 MB in every worker process, for a table
finder and an exporter that jihe does not use. Both are optional to PyMuPDF itself, which goes on without them when their import fails,
so here it fails.
"""

from __future__ import annotations

import sys

_UNUSED = [name for name in ("pymupdf.layout", "pymupdf4llm") if name not in sys.modules]
for _name in _UNUSED:
    sys.modules[_name] = None  # type: ignore[assignment]  # how Python spells "this import fails"
try:
    import pymupdf
finally:
    for _name in _UNUSED:
        del sys.modules[_name]

# What cannot be read is reported by our own errors; MuPDF's running commentary on stderr would only bury them.
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

BROKEN = (pymupdf.mupdf.FzErrorBase, RuntimeError, ValueError, IndexError, AssertionError)
"""What PyMuPDF raises on broken files: MuPDF's own errors, and those of its Python where MuPDF gave it less than was promised."""

__all__ = ["BROKEN", "pymupdf"]
