"""Full text on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, create_engine, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.pool import NullPool

from store import Store
from store.database import parse_url
from store.index import ChunkFilter, Index
from store.index.fulltext import Doc, FullText
from store.index.postgres_text import PostgresText
from store.index.sqlite_text import SqliteText
from store.models import Base, is_declared
from tests.factories import make_form, make_indicator, make_reading
from tests.servers import TEMPLATE, Postgres
from tests.store.index.embedders import ToyEmbedder

DOCS = (
    Doc(1, "免费1小时停车票数量\n产出指标", "停车补贴\n乙中心"),
    Doc(2, "OCR识别准确率\n≥98.50(%)", "信息系统\n甲中心"),
    Doc(3, "车辆停放安全率", "停车补贴"),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def words(request: pytest.FixtureRequest) -> Iterator[tuple[FullText, Connection]]:
    """Full text with the documents in it."""
    made: FullText = SqliteText() if request.param == "sqlite" else PostgresText()
    if request.param == "sqlite":
        engine = create_engine("sqlite://")
    else:
        postgres: Postgres = request.getfixturevalue("postgres")
        engine = create_engine(parse_url(postgres.url(TEMPLATE)), poolclass=NullPool)
    with engine.connect() as connection, connection.begin() as transaction:
        made.make(connection)
        made.add(connection, DOCS)
        yield made, connection
        transaction.rollback()
    engine.dispose()


def _ids(words: tuple[FullText, Connection], *terms: str) -> set[int]:
    found = words[0].holding(words[1], terms)
    return set() if found is None else set(words[1].execute(select(found.c.id)).scalars())


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        ("停车", {1}), ("车票", {1}), ("票", {1}), ("停", {1, 3}), ("1小时", {1}), ("ocr", {2}), ("ＯＣＲ识别", {2}), ("98.5", {2}),
        ("98", set()), ("车停", set()), ("车辆停放", {3}), ("补贴", set()), ("", set()), ("'", set()), ('"', set()), ("停车 OR 车", set()),
        ("\\", set()),
    ],
)  # fmt: skip
def test_terms_are_found_in_the_text_and_not_in_the_context(words: tuple[FullText, Connection], term: str, ids: set[int]) -> None:
    assert _ids(words, term) == ids


def test_any_of_several_terms_will_do(words: tuple[FullText, Connection]) -> None:
    assert _ids(words, "车票", "识别", "没有") == {1, 2}


def test_what_shares_more_and_rarer_words_is_ranked_first(words: tuple[FullText, Connection]) -> None:
    made, connection = words
    found = made.like(connection, "停车补贴发了多少停车票")
    assert found is not None
    assert list(connection.execute(select(found.c.id).order_by(found.c.rank)).scalars()) == [1, 3]
    assert made.like(connection, "？") is None
    assert made.like(connection, "毫无关系") is None


def test_what_is_removed_is_found_no_more(words: tuple[FullText, Connection]) -> None:
    words[0].remove(words[1], DOCS[:1])
    assert _ids(words, "停车") == set()
    assert _ids(words, "停") == {3}
    found = words[0].like(words[1], "停车票")
    assert found is None or 1 not in words[1].execute(select(found.c.id)).scalars().all()


def test_postgresql_is_asked_with_phrases_and_bound_values() -> None:
    class NoConnection:
        pass

    found = PostgresText().holding(NoConnection(), ["停车票", "1小时"])  # type: ignore[arg-type]
    assert found is not None
    compiled = select(found.c.id).compile(dialect=postgresql.dialect())
    assert "pairs @@ CAST(" in str(compiled)
    assert sorted(compiled.params.values()) == ["'1' <-> '小' <-> '时'", "'停车' <-> '车票'"]


@pytest.mark.files_only
def test_migrations_do_not_look_at_full_text(store: Store, run: int) -> None:
    store.save(make_reading([make_form()]), run)
    with Index.open(store, ToyEmbedder()) as index:
        assert index.chunks()
    with store.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_declared})
        assert compare_metadata(context, Base.metadata) == []
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []


def test_the_whole_index_on_postgresql(tmp_path: Path, postgres: Postgres) -> None:
    row = make_indicator(0, name="免费1小时停车票数量", deviation="因机构改革，已移交。", score=make_indicator(0).weight)
    name = "停车补贴"
    with Store.open(tmp_path / "home", postgres.of_home(tmp_path / "home")) as store, Index.open(store, ToyEmbedder()) as index:
        store.save(make_reading([make_form(name, indicators=(row,))], f"{name}.pdf"), store.start_run("test"))
        assert index.search("停车票发了多少")[0].chunk.cell == "indicators[0].deviation"
        assert [match.terms for match in index.match_terms(["移交", "1小时"], ChunkFilter(deviation=True))] == [("移交", "1小时")]
        store.correct(name, "indicators[0].deviation", "因人员变动。", "张三")
        assert index.match_terms(["移交"]) == []
        assert index.match_terms(["人员变动"])
        store.remove(f"{name}.pdf")
        assert index.chunks() == []
        index.rebuild()
        assert index.state().chunks == 0
    postgres.drop_all()
