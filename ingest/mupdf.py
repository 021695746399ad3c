"""PyMuPDF, imported without its layout model.

Version 2 loads an ONNX page-layout model on import: half a second and some 100 MB in every worker process, for a table finder that jihe
does not use. It is optional to PyMuPDF itself, which goes on without it when the import fails, so here it fails.
"""

from __future__ import annotations

import sys

_LAYOUT = "pymupdf.layout"
_blocked = _LAYOUT not in sys.modules
if _blocked:
    sys.modules[_LAYOUT] = None  # type: ignore[assignment]  # how Python spells "this import fails"
try:
    import pymupdf
finally:
    if _blocked:
        del sys.modules[_LAYOUT]

# What cannot be read is reported by our own errors; MuPDF's running commentary on stderr would only bury them.
pymupdf.TOOLS.mupdf_display_errors(False)
pymupdf.TOOLS.mupdf_display_warnings(False)

__all__ = ["pymupdf"]
