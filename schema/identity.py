"""Which forms are the same form.

A form is (department, implementing unit, fiscal year, project name, ordinal among equals in its document), names folded. `form_id` is a
short hash of that, so a second reading, from whatever document, gets the same id. A form whose project name could not be read is
nobody's twin: the document's sha256 stands in for the name.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable

from schema.form import Form
from schema.text import fold


def form_id(form: Form, ordinal: int, sha256: str) -> str:
    """Twelve hexadecimal digits; ordinal counts from 1 among forms of one document with equal heads."""
    name = fold(form.project_name) or f"sha256:{sha256}"
    key = (fold(form.department), fold(form.implementing_unit), str(form.fiscal_year or ""), name, str(ordinal))
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:12]


def with_ids(forms: Iterable[Form], sha256: str) -> tuple[Form, ...]:
    """The forms of one document with their `form_id` set."""
    seen: Counter[str] = Counter()
    out = []
    for form in forms:
        first = form_id(form, 1, sha256)
        seen[first] += 1
        out.append(form.model_copy(update={"form_id": form_id(form, seen[first], sha256)}))
    return tuple(out)
