"""Forms that people have reviewed, as gold: canonical JSON with the corrections applied."""

from __future__ import annotations

from pathlib import Path

from store.export.atomic import replacing
from store.export.text_files import write_json
from store.store import Store


def export_gold(store: Store, path: Path) -> int:
    """Write the forms that people worked on and of which no cell is in doubt any more, as `jihe export` does; the number of forms.

    Raises:
        StoreError: the file cannot be written; what was there before is untouched.
    """
    with replacing(path) as part:
        return write_json(store.iter_reviewed(), part)
