"""Finding one form by what a person calls it."""

from __future__ import annotations

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, select

from schema.errors import UsageError
from schema.text import fold
from store.models import FormRow, VersionRow

CANDIDATES_SHOWN = 8


class Found(NamedTuple):
    """A form and its current version."""

    form_pk: int
    form_id: str
    version_id: int


def find_form(connection: Connection, reference: str) -> Found:
    """The form with this id or project name, or else the only one whose id begins so, or whose name contains it.

    Raises:
        UsageError: none, or several; the message names the candidates.
    """
    folded = fold(reference)
    attempts: list[ColumnElement[bool]] = [FormRow.form_id == reference]
    if folded:
        attempts += [
            FormRow.project_key == folded,
            FormRow.form_id.startswith(reference, autoescape=True),
            FormRow.project_key.contains(folded, autoescape=True),
        ]
    for condition in attempts:
        found = _forms(connection, condition)
        if len(found) == 1:
            return Found(found[0].id, found[0].form_id, found[0].version_id)
        if found:
            raise UsageError(f"“{reference}”对应不止一张表：{_candidates(found)}。请用表号（可只写开头几位）指定其中一张。")
    raise UsageError(f"没有“{reference}”这张表。请写表号或项目名称（可只写一部分）；用 jihe forms 查看全部。")


def _forms(connection: Connection, condition: ColumnElement[bool]) -> list[Any]:
    query = (
        select(FormRow.id, FormRow.form_id, VersionRow.id.label("version_id"), VersionRow.project_name, VersionRow.fiscal_year)
        .join(VersionRow, (VersionRow.form_pk == FormRow.id) & VersionRow.current)
        .where(condition)
        .order_by(FormRow.id)
        .limit(CANDIDATES_SHOWN + 1)
    )
    return list(connection.execute(query))


def _candidates(forms: list[Any]) -> str:
    named = [
        f"{form.form_id} {form.project_name or '（无项目名称）'}（{form.fiscal_year or '无年度'}）" for form in forms[:CANDIDATES_SHOWN]
    ]
    return "；".join(named) + ("……" if len(forms) > CANDIDATES_SHOWN else "")
