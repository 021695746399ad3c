"""Questions with a scripted model: its steps are seen while it works, it can be stopped, and what it says is shown only where it stands."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue

import pytest
from playwright.sync_api import Page, expect

from agents.answer.agent.threads import THREADS_NAME
from agents.answer.answer import Answer
from agents.conversations import Told
from eval.endpoint import Reply, Request, ScriptedEndpoint
from tests.agents.answer.agent.agent_home import UNCERTAIN, call, claims, fill
from tests.ui.web.conftest import Running
from ui.web import ask_view
from ui.web.site import Visitor

STEP = "查询各表"
TRUE = claims("总得分最低的是公共数据平台[F1.project_name]，为 90 分[F1.total_score]。")
FALSE = claims("总得分最低的是公共数据平台[F1.project_name]，为 12 分[F1.total_score]。")


class Model:
    """An endpoint that calls a tool first, and then waits for what it is to say."""

    def __init__(self) -> None:
        self.says: Queue[str] = Queue()
        self.ended = threading.Event()

    def __call__(self, request: Request) -> Reply | str:
        if not any(message["role"] == "tool" for message in request.body["messages"]):
            return call()
        while not self.ended.is_set():
            if not self.says.empty():
                return self.says.get()
            self.ended.wait(0.02)
        return FALSE


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[Model]:
    """A model that is switched on."""
    script = Model()
    with ScriptedEndpoint(script) as server:
        monkeypatch.setenv("JIHE_MODEL", "scripted")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        yield script
        script.ended.set()


def test_steps_stop_and_verdict(
    run_site: Callable[..., Running], model: Model, tab: Page, tmp_path: Path, keep_picture: Callable[[Page, str], None]
) -> None:
    fill(tmp_path / "home-asked")
    running = run_site(tmp_path / "home-asked")
    tab.goto(f"{running.url}/ask")
    expect(tab.locator(".ask-start li button").first).to_be_visible()
    box, past, now = tab.locator("#ask-box textarea"), tab.locator(".ask-past .ask-turn"), tab.locator(".ask-now .ask-turn")

    box.fill(UNCERTAIN)
    box.press("Enter")
    expect(now.locator(".ask-steps")).to_contain_text(STEP)
    keep_picture(tab, "ask-steps")
    model.says.put(TRUE)
    expect(past).to_have_count(1)
    expect(past.locator(".ask-text")).to_contain_text("为 90 分")
    expect(past.locator(".ask-meta")).to_contain_text("模型措辞")
    expect(past.locator(".ask-meta")).to_contain_text("scripted")
    expect(past.locator(".jh-good")).to_contain_text("已核实")
    keep_picture(tab, "ask-model")

    # What does not stand is not shown; the answer without a model is, and it says so.
    box.fill(UNCERTAIN)
    box.press("Enter")
    expect(now.locator(".ask-steps")).to_contain_text(STEP)
    model.says.put(FALSE)
    expect(past).to_have_count(2)
    expect(past.last).not_to_contain_text("12 分")
    expect(past.last.locator(".ask-notes")).to_contain_text("没有通过核对")
    expect(past.last.locator(".ask-meta")).to_contain_text("按规则作答")

    box.fill(UNCERTAIN)
    box.press("Enter")
    expect(now.locator(".ask-steps")).to_contain_text(STEP)
    now.get_by_role("button", name="取消").click()
    # It is left with the next piece of a reply; what the model goes on to say is not waited for.
    model.says.put(TRUE)
    expect(now).to_contain_text("已取消，没有回答")
    expect(now.get_by_role("button", name="重新回答")).to_be_visible()


def test_an_answer_that_comes_after_one_went_on_stays_where_it_was_asked(
    run_site: Callable[..., Running], model: Model, tab: Page, tmp_path: Path
) -> None:
    home = tmp_path / "home-left"
    fill(home)
    tab.goto(f"{run_site(home).url}/ask")
    expect(tab.locator(".ask-start li button").first).to_be_visible()
    box, past, now = tab.locator("#ask-box textarea"), tab.locator(".ask-past .ask-turn"), tab.locator(".ask-now .ask-turn")
    box.fill(UNCERTAIN)
    box.press("Enter")
    expect(now.locator(".ask-steps")).to_contain_text(STEP)
    tab.locator("[data-ask=fresh]").click()
    expect(now).to_have_count(0)
    box.fill("另想一个")
    model.says.put(TRUE)
    _until_kept(home)
    tab.wait_for_timeout(500)
    expect(past).to_have_count(0)
    expect(now).to_have_count(0)
    expect(box).to_have_value("另想一个")
    tab.locator("[data-ask=choose]").click()
    expect(past.locator(".ask-text")).to_contain_text("为 90 分")


def _until_kept(home: Path) -> None:
    """Wait for an answer in the home."""
    end = time.monotonic() + 20
    with closing(sqlite3.connect(home / THREADS_NAME)) as connection:
        while not connection.execute("SELECT count(*) FROM answers").fetchone()[0]:
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.parametrize(("verified", "told"), [(True, "✓ 已核实"), (False, "△ 未核实")])
def test_the_mark_of_an_answer(verified: bool, told: str) -> None:
    answer = Answer(question="?", answer="90 分", projects=(), citations=(), verified=verified, mode="llm", model="m")
    html = ask_view.turns(Visitor("li", "zh"), f"conversation-{verified}", [Told(number=1, question="?", answer=answer)], running=False)
    assert told in html
