"""Parquet: the flat table of store.export.columns with exact decimals, for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from schema.form import Form
from schema.record import MAX_DIGITS, MAX_PLACES
from store.export.columns import flat_columns, flat_rows

FORMS_AT_A_TIME = 500


def write_parquet(forms: Iterable[Form], path: Path) -> int:
    """One row per indicator, columns named as in the canonical JSON, numbers as decimal128; the number of forms."""
    # Imported here: pyarrow takes a third of a second that no other command should pay.
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {"text": pa.string(), "integer": pa.int32(), "number": pa.decimal128(MAX_DIGITS + MAX_PLACES, MAX_PLACES)}
    columns = flat_columns()
    schema = pa.schema([(column.name, types[column.kind]) for column in columns])
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(forms):
            arrays = [
                pa.array([column.get(form, index) for form in batch for index in flat_rows(form)], type=types[column.kind])
                for column in columns
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            count += len(batch)
    return count


def _batches(forms: Iterable[Form]) -> Iterator[list[Form]]:
    remaining = iter(forms)
    while batch := list(islice(remaining, FORMS_AT_A_TIME)):
        yield batch
