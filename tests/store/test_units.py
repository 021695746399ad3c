"""Comparing the forms of a unit: little is read of them, and the same is found as on whole forms."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from sqlalchemy import select

from eval.synthesis.many import many_forms
from schema.checks import check_group
from schema.checks.siblings import unit_key
from schema.form import Form
from store import Store
from store.models import FormRow
from store.repository.units import load_units
from tests.answering import import_all


def test_as_much_is_found_as_on_whole_forms(tmp_path: Path) -> None:
    # Few units, so that there is much to compare.
    forms = [form.model_copy(update={"implementing_unit": f"第{i % 3}中心"}) for i, form in enumerate(many_forms(90))]
    with Store.open(tmp_path / "home") as store:
        groups: dict[str, list[Form]] = defaultdict(list)
        for form in import_all(store, forms, tmp_path):
            groups[unit_key(form)].append(form)
        with store.database.read() as connection:
            units = load_units(connection, sorted(connection.execute(select(FormRow.unit_key)).scalars()))
        whole = {key: check_group(members, store.profile) for key, members in groups.items()}
        assert {key: check_group(list(members.values()), store.profile) for key, members in units.items()} == whole
        assert {finding.rule for findings in whole.values() for finding in findings} <= {"sibling-conflict", "money-unit"}
        assert sum(map(len, whole.values())) > 20


def test_pieces_settle_to_the_same_as_the_whole(tmp_path: Path) -> None:
    forms = list(many_forms(60))
    found = []
    for number, size in enumerate((60, 13)):
        with Store.open(tmp_path / str(number)) as store:
            for start in range(0, len(forms), size):
                file = tmp_path / f"{number}-{start}.json"
                file.write_text(f"[{number}, {start}]", encoding="utf-8")
                store.import_forms(forms[start : start + size], file)
            found.append(store.findings())
    assert found[0] == found[1]
