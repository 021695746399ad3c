"""What questions read: kept between them, and after a change the same as read anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.synthesis.many import many_forms
from schema.form import Form
from store import Store
from store.facts import Facts, Session
from store.facts_records import Head
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
