"""What the import of PyMuPDF brings along."""

from __future__ import annotations

import subprocess
import sys


def test_no_model_is_loaded_and_others_may_still_load_it() -> None:
    code = (
        "import sys; import ingest.mupdf; print(any(n in sys.modules for n in ('onnxruntime', 'numpy', 'pymupdf4llm', 'pymupdf.layout')))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "False"
