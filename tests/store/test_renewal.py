"""Findings are those of the rules at hand, also when the rules changed since they were stored."""

from __future__ import annotations

from pathlib import Path

import pytest

from schema.checks import Finding, check_all, load_profile, rules_version
from store import Store
from store.repository import findings
from tests.factories import D, make_form, make_indicator, make_reading

RULES = "schema.checks.version._sources"


@pytest.fixture
def filled(home: Path) -> Path:
    """A home with three forms; two of one unit contradict each other, one has an error."""
    with Store.open(home) as store:
        run = store.start_run("test")
        other = make_indicator(0, actual="97.00(%)")
        forms = [make_form("甲"), make_form("乙", indicators=(other,)), make_form("丙", total_score=D(90))]
        store.save(make_reading(forms, "自评表.pdf"), run)
        store.finish_run(run)
    return home


def _forget(home: Path) -> None:
    """Take the findings away behind the store's back, as if the rules that made them had not been written yet."""
    with Store.open(home) as store, store.database.write() as connection:
        connection.exec_driver_sql("DELETE FROM findings")


def _found(store: Store) -> list[tuple[str, str, str]]:
    return sorted((finding.form_id, finding.rule, finding.cell) for finding in store.findings())


def test_new_rules_check_what_is_stored_again(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _forget(filled)
    with Store.open(filled) as store:
        assert store.findings() == []  # the rules are the same: opening costs nothing
    monkeypatch.setattr(RULES, lambda: "of the next version")
    with Store.open(filled) as store:
        expected = check_all(list(store.iter_forms()), load_profile())
        assert {"sibling-conflict", "score-sum"} <= {finding.rule for finding in expected}
        assert _found(store) == sorted((finding.form_id, finding.rule, finding.cell) for finding in expected)
        assert store.counts().unsettled_units == 0


def test_other_figures_of_the_profile_check_again(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    strict = load_profile().model_copy(update={"low_execution": D(101)})
    monkeypatch.setattr("store.store.load_profile", lambda _: strict)
    with Store.open(filled) as store:
        assert sum(finding.rule == "low-execution" for finding in store.findings()) == 3


def test_the_same_rules_check_nothing_again(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(findings, "renew", _refuse)
    with Store.open(filled) as store:
        assert store.findings()


def test_a_renewal_that_was_cut_short_is_done_at_the_next_opening(filled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(filled) as store:
        before = _found(store)
    _forget(filled)
    with monkeypatch.context() as patch:
        patch.setattr(RULES, lambda: "of the next version")
        patch.setattr(findings, "note_renewed", _refuse)
        with pytest.raises(InterruptedError):
            Store.open(filled)
    monkeypatch.setattr(RULES, lambda: "of the next version")
    with Store.open(filled) as store:
        assert _found(store) == before


def test_the_fingerprint_is_of_the_sources_and_the_profile() -> None:
    shanghai, central = load_profile("shanghai"), load_profile("central")
    assert rules_version(shanghai) == rules_version(shanghai)
    assert rules_version(shanghai) != rules_version(central)


def _refuse(*_: object) -> list[Finding]:
    raise InterruptedError
