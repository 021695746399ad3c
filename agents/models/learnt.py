"""What a run has learnt about its endpoint: refused ways of asking, and whether it is of any use to go on asking."""

from __future__ import annotations

import threading

from agents.models.endpoint import Endpoint
from agents.models.presets import MODES, LimitField, Mode

IN_A_ROW = 5
"""So many questions one after the other that end without a reply in time, or with an error of the server: the endpoint is down."""


class Learnt:
    """Shared by all questions of a run; safe to share between threads.

    Attributes:
        mode: how to ask now.
        limit_field: what the longest answer is called now.
        in_words: whether the schema has to stand in the prompt, too, since the endpoint does not keep to it.
        down: why no more questions should be asked; empty while they should.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.mode: Mode = endpoint.mode
        self.limit_field: LimitField = endpoint.limit_field
        self.in_words = False
        self.down = ""
        self._refused: set[Mode] = set()
        self._limit_swapped = False
        self._failed_in_a_row = 0
        self._notes: list[str] = []
        self._turn = threading.Lock()

    @property
    def notes(self) -> tuple[str, ...]:
        """Each thing learnt, said once, in the order it was."""
        with self._turn:
            return tuple(self._notes)

    def refuse_mode(self, mode: Mode, detail: str) -> bool:
        """Note that the endpoint refuses a mode; whether there is another one to try."""
        with self._turn:
            if mode in self._refused:
                return self.mode not in self._refused
            self._refused.add(mode)
            rest = [other for other in MODES if other not in self._refused]
            if not rest:
                self._close(f"{'、'.join(MODES)} 三种回答格式都不接受（{detail}）")
                return False
            if mode == self.mode:
                self.mode = rest[0]
                self._notes.append(f"端点不接受 {mode}（{detail}），本次运行改用 {self.mode}。可设 JIHE_MODEL_MODE={self.mode} 免去试探。")
            return True

    def refuse_limit_field(self, name: LimitField, detail: str) -> bool:
        """Note that the endpoint wants the longest answer called otherwise; whether the other name is still to be tried."""
        with self._turn:
            if name != self.limit_field:
                return True
            if self._limit_swapped:
                return False
            self._limit_swapped = True
            self.limit_field = "max_completion_tokens" if name == "max_tokens" else "max_tokens"
            self._notes.append(f"端点不接受 {name}（{detail}），本次运行改用另一种写法。可设 JIHE_MODEL_LIMIT_FIELD={self.limit_field}。")
            return True

    def tell_in_words(self) -> None:
        """From now on put the schema into the prompt, too: an answer came that an endpoint which keeps to it could not have given."""
        with self._turn:
            if not self.in_words and self.mode != "json_object":
                self.in_words = True
                self._notes.append("端点没有按规定的格式约束回答，此后把格式也写进提示。每个回答都会另行检查。")

    def close(self, reason: str) -> None:
        """No more questions, and why."""
        with self._turn:
            self._close(reason)

    def failed(self, reason: str) -> None:
        """A question ended without a reply in time, or with an error of the server."""
        with self._turn:
            self._failed_in_a_row += 1
            if self._failed_in_a_row >= IN_A_ROW:
                self._close(f"连续 {IN_A_ROW} 个问题没有得到回答，最近一次：{reason}")

    def replied(self) -> None:
        """The endpoint is there and answers."""
        with self._turn:
            self._failed_in_a_row = 0

    def _close(self, reason: str) -> None:
        if not self.down:
            self.down = reason
            self._notes.append(f"端点不可用，不再提问：{reason}。")
