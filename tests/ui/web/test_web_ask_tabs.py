"""A tab that went to another conversation is left alone, also by what went wrong in the one before."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import gradio as gr
import pytest

from agents.conversing import Happened
from schema.errors import JiheError
from ui.web import ask
from ui.web.ask import _Asking, _Tabs


class BrokenOff(JiheError):
    """An answer ended in the middle."""


@pytest.mark.parametrize("moved", [False, True])
def test_an_error_stays_with_its_conversation(moved: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(gr, "Warning", told.append)
    asking = _Asking.__new__(_Asking)
    asking._at = _Tabs()
    tab = cast(gr.Request, SimpleNamespace(session_hash="tab", username=None, cookies={}, headers={}, query_params={}))

    def answer(owner: str, conversation: str | None, question: str) -> Iterator[Happened]:
        yield Happened(conversation="asked", question=question)
        if moved:
            asking._at.put("tab", "another")
        raise BrokenOff("模型没有答完。")

    nobody = SimpleNamespace(of=lambda owner: ())
    asking._conversing = cast(Any, SimpleNamespace(model=None, ask=answer, conversations=nobody))
    asking._site = cast(Any, SimpleNamespace(accounts=False))
    *_, last = asking.asked("执行率是多少？", "", tab)
    if moved:
        assert last == ask._AS_IT_IS
        assert told == ["模型没有答完。"]
    else:
        assert last[1] == "asked"
        assert "模型没有答完。" in last[4]
        assert told == []
