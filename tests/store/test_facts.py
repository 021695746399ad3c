"""What questions read: kept between them, and after a change the same as read anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from eval.synthesis.many import many_forms
from schema.form import Form
from store import Store, facts_kept, state
from store.facts import Facts, RowFact, Session
from store.facts_records import Head
from store.state import stamp_of
from tests.answering import import_all


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "home") as opened:
        import_all(opened, list(many_forms(40)), tmp_path)
        yield opened


def _everything(session: Session) -> tuple[object, ...]:
    versions = [head.version_id for head in session.heads]
    heads = [tuple(getattr(head, name) for name in Head.__slots__) for head in session.heads]
    return (
        heads, session.form_names(), session.rows(None), session.rows(versions, deviation=True), session.rows(versions[:3], deviation=True),
        session.texts(None), session.findings(), sorted(session.levels()), sorted(session.names()),
        session.lost(versions), session.lost(versions[::2]), [one._replace(finding_id=0) for one in session.found()],
        len(session.found_columns().ids),
        session.named(session.names()[:5]), session.at_levels(session.levels()[:3]),
    )  # fmt: skip


def _stored(store: Store) -> list[Form]:
    return list(store.iter_forms())


def test_after_a_change_the_same_as_read_anew(store: Store, tmp_path: Path) -> None:
    facts = Facts(store)
    with facts.session() as session:
        before = _everything(session)
    file = tmp_path / "more.json"
    file.write_text("[]", encoding="utf-8")
    store.import_forms(list(many_forms(3, seed=9)), file)
    first = _stored(store)[0]
    store.correct(first.form_id, "indicators[0].name", "另一个名称", "李四")
    with facts.session() as session, Facts(store).session() as anew:
        assert _everything(session) == _everything(anew)
        assert _everything(session) != before
    store.undo(first.form_id, "indicators[0].name", "李四")
    store.remove(str(file))
    with facts.session() as session:
        assert _everything(session) == before


def test_nothing_is_counted_anew_while_nothing_is_committed(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    counted: list[object] = []

    def counting(connection: Connection) -> object:
        counted.append(connection)
        return stamp_of(connection)

    monkeypatch.setattr(state, "stamp_of", counting)
    facts = Facts(store)
    stamps = []
    for _ in range(3):
        with facts.session() as session:
            stamps.append(session.stamp)
    assert len(set(stamps)) == 1
    if store.database.is_sqlite:
        assert len(counted) == 1
    first = _stored(store)[0].form_id
    store.correct(first, "total_score", "61", "某人")
    with facts.session() as session:
        assert session.stamp not in stamps
        stamps.append(session.stamp)
    if store.database.is_sqlite:
        # As another process would.
        with Store.open(tmp_path / "home", create=False) as other:
            other.undo(first, "total_score", "某人")
        with facts.session() as session:
            assert session.stamp not in stamps


def test_losses_as_columns(store: Store) -> None:
    with Facts(store).session() as session:
        versions = [head.version_id for head in session.heads]
        for some in (versions, versions[:30], versions[:3], []):
            lost = session.lost(some)
            assert list(lost.rows) == session.rows(some, deviation=True)
            assert [head.version_id for head in lost.heads] == [row.version_id for row in lost.rows]
            assert list(lost.lost) == [row.lost for row in lost.rows]


def test_rows_that_were_read_are_kept_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts_kept, "MOST_ROWS", 5)
    kept, read = facts_kept.Kept(), list[str]()

    def ask(key: str, rows: int) -> None:
        kept.read(key, lambda: read.append(key) or [RowFact(1, i, None, None, key, *[None] * 5) for i in range(rows)])  # type: ignore[func-returns-value]

    for key, rows in (("a", 2), ("b", 3), ("a", 2), ("c", 3), ("a", 2), ("b", 3), ("many", 6), ("many", 6)):
        ask(key, rows)
    assert read == ["a", "b", "c", "b", "many", "many"]


def test_corrections_of_the_newest_form_are_seen_one_after_the_other(store: Store) -> None:
    newest = store.forms()[-1].form_id
    facts = Facts(store)
    for score in (80, 70, 60):
        store.correct(newest, "total_score", str(score), "某人")
        with facts.session() as session:
            assert next(head.total_score for head in session.heads if head.form_id == newest) == score


def test_doubts_come_and_go(store: Store) -> None:
    facts = Facts(store)
    with facts.session() as session:
        sure = next(head for head in session.heads if not head.doubtful and head.unit_of_money == "万元")
    store.correct(sure.form_id, "funding.total.adjusted_budget", "98765432.10", "李四")
    with facts.session() as session:
        doubted = next(head for head in session.heads if head.form_id == sure.form_id)
        assert doubted.doubtful
        assert doubted != sure
    store.undo(sure.form_id, "funding.total.adjusted_budget", "李四")
    with facts.session() as session:
        assert not next(head for head in session.heads if head.form_id == sure.form_id).doubtful


def test_rows_some_ways(store: Store) -> None:
    forms = _stored(store)
    with Facts(store).session() as session:
        every = session.rows(None)
        versions = {head.version_id: head.form_id for head in session.heads}
        assert [(versions[row.version_id], row.name) for row in every] == [
            (form.form_id, row.name) for form in forms for row in form.indicators
        ]
        lost = [row for row in every if row.deviation is not None or (row.lost or 0) > 0]
        assert session.rows(None, deviation=True) == lost
        some = list(versions)[5:9]
        assert session.rows(some, deviation=True) == [row for row in lost if row.version_id in some]
        names = {every[0].name, every[-1].name}
        assert session.named(list(names)) == [row for row in every if row.name in names]
        assert session.rows(some, names=names) == [row for row in every if row.version_id in some and row.name in names]
        assert session.rows_at([(row.version_id, row.position) for row in every[3:7]]) == {
            (r.version_id, r.position): r for r in every[3:7]
        }
        levels = [(every[0].level1, every[0].level2)]
        assert session.at_levels(levels) == [row for row in every if (row.level1, row.level2) in levels]
        assert session.names_of(every[0].version_id)[every[0].position] == every[0].name


def test_what_was_found(store: Store) -> None:
    with Facts(store).session() as session:
        told = session.findings()
        found = session.found()
        assert [(one.form.form_id, one.rule, one.cell) for one in found] == [(one.form_id, one.rule, one.cell) for one in told]
        assert list(session.findings_of([one.finding_id for one in found]).values()) != []
        assert session.findings_of([found[2].finding_id]) == {found[2].finding_id: told[2]}
        rule = told[0].rule
        assert [one.rule for one in session.found([rule])] == [one.rule for one in told if one.rule == rule]
