"""Documents read by the actors of a Ray cluster: results in the order of the tasks, as from the worker processes of this machine.

An actor reads one document and has the next one waiting. Where it is lost, with its process or its machine, another one takes its place and
what it was at is read again, a few times; what only waited is not held against it.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from agents.engines.actor import NotHere, Reader, versions
from agents.engines.cluster import Cluster, load_ray
from agents.engines.parcel import Parcel, packed
from agents.guarded.frames import Lost
from agents.material import Material
from agents.reading_pool import AHEAD, Reading, Result
from ingest.settings import DEFAULT, Settings
from schema.errors import DocumentError, UsageError

_LOG = logging.getLogger(__name__)
TRIES = 3
"""How often a document is begun whose readers are lost each time."""
AT_ONCE = 2
"""Documents that an actor has: one that it reads, and one that waits for it, so that it does not wait for us."""
LOOK_SECONDS = 0.5
"""How often an actor is asked how far it is."""
PATIENCE = 120.0
"""Seconds in which no actor starts, and none is at work, before the run is given up."""


@dataclass(eq=False)
class _Given:
    """A document that an actor has."""

    reading: Reading
    parcel: Parcel
    carried: bool = False
    ref: Any = None


@dataclass(eq=False)
class _Hand:
    """An actor: `hello` is what it says first, until it has; `asked` how far it is, where that was asked."""

    actor: Any
    hello: Any = None
    given: deque[_Given] = field(default_factory=deque)
    asked: Any = None
    told_at: float = 0.0
    far: bool = False


class RayPool:
    """The actors of a cluster; they start with the first documents and stay until the pool is closed.

    Args:
        address: as `Cluster`.
        workers: actors, at most; None for as many as the cluster has cores.
        settings: with the bounds of each document.

    Raises:
        UsageError: Ray is not installed.
    """

    def __init__(self, address: str | None = None, workers: int | None = None, settings: Settings = DEFAULT) -> None:
        load_ray(starting=address is None)
        self._address, self._most, self._settings = address, workers, settings
        self._cluster: Cluster | None = None
        self._hands: list[_Hand] = []
        self._stillborn = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the actors, whatever they are at, and leave the cluster."""
        for hand in list(self._hands):
            self._dismiss(hand)
        if self._cluster is not None:
            self._cluster.close()
            self._cluster = None

    def read(self, readings: Iterable[Reading], settings: Settings) -> Iterator[tuple[Reading, Result]]:
        """Read documents; what comes of each in their order. Whoever stops in the middle leaves nothing running.

        Raises:
            UsageError: the cluster cannot be reached, or nothing can be read on it.
        """
        at = _Progress(deque(readings))
        if not at.waiting:
            return
        if self._cluster is None:
            self._cluster = Cluster(self._address, self._most)
        self._settings = settings
        count = max(1, min(self._most or self._cluster.cpus, len(at.waiting)))
        try:
            while at.waiting or at.order:
                self._man(min(count, at.unsettled))
                self._hand_out(at, AHEAD * count)
                while at.order and at.order[0].number in at.done:
                    reading = at.order.popleft()
                    yield reading, at.done.pop(reading.number)
                if at.waiting or at.order:
                    self._await(at)
        finally:
            for hand in [hand for hand in self._hands if hand.given]:
                self._dismiss(hand)

    # Actors

    def _man(self, count: int) -> None:
        """Start actors until there are so many."""
        assert self._cluster is not None
        ray, folder = self._cluster.ray, self._cluster.folder
        while len(self._hands) < count:
            made = ray.remote(num_cpus=1, max_restarts=0, concurrency_groups={"told": 1}, scheduling_strategy="SPREAD")(Reader)
            actor = made.remote(self._settings, str(folder) if folder is not None else None)
            self._hands.append(_Hand(actor, hello=actor.versions.remote()))

    def _dismiss(self, hand: _Hand) -> None:
        assert self._cluster is not None
        self._hands.remove(hand)
        try:
            # Nothing that it holds could be lost; the process below it ends when it does.
            self._cluster.ray.kill(hand.actor, no_restart=True)
        except (self._cluster.ray.exceptions.RayError, ValueError, RuntimeError):
            return

    # Documents

    def _hand_out(self, at: _Progress, ahead: int) -> None:
        """Give documents to actors that have few, those with the fewest first."""
        while (at.again or (at.waiting and len(at.order) < ahead)) and (free := self._free()) is not None:
            reading = at.next()
            try:
                path = reading.take()
            except DocumentError as e:
                at.done[reading.number] = e
                return
            self._give(free, _Given(reading, Parcel(reading.number, str(path), reading.sha256)), at)

    def _free(self) -> _Hand | None:
        ready = [hand for hand in self._hands if hand.hello is None and len(hand.given) < AT_ONCE]
        return min(ready, key=lambda hand: len(hand.given), default=None)

    def _give(self, hand: _Hand, given: _Given, at: _Progress) -> None:
        assert self._cluster is not None
        carried = None
        if given.carried or hand.far:
            try:
                carried = packed(Path(given.parcel.path))
            except DocumentError as e:
                at.settle(given.reading, e)
                return
        given.carried = carried is not None
        given.ref = hand.actor.read.remote(given.parcel, self._cluster.ray.put(carried) if carried is not None else None)
        hand.given.append(given)

    def _await(self, at: _Progress) -> None:
        """Wait for what any actor says."""
        assert self._cluster is not None
        ray = self._cluster.ray
        by_ref = {ref: hand for hand in self._hands for ref in self._ask(hand)}
        if not by_ref:
            return
        ready, _ = ray.wait(list(by_ref), num_returns=1, timeout=LOOK_SECONDS)
        for ref in ready:
            hand = by_ref[ref]
            if hand in self._hands:
                self._hear(hand, ref, at)
        if ready or any(hand.given for hand in self._hands):
            at.moved = time.monotonic()
        elif time.monotonic() - at.moved > PATIENCE:
            raise UsageError("Ray 集群里很久没有空闲的处理器，读取进程启动不了。请用 ray status 查看；已读出的都已保存，可以再次运行。")

    def _ask(self, hand: _Hand) -> Iterator[Any]:
        """What an actor may say next."""
        if hand.hello is not None:
            yield hand.hello
        if hand.given:
            yield from (given.ref for given in hand.given)
            if hand.asked is None and time.monotonic() - hand.told_at > LOOK_SECONDS:
                hand.asked = hand.actor.told.options(concurrency_group="told").remote()
        if hand.asked is not None:
            yield hand.asked

    def _hear(self, hand: _Hand, ref: Any, at: _Progress) -> None:
        assert self._cluster is not None
        errors = self._cluster.ray.exceptions
        try:
            said = self._cluster.ray.get(ref)
        except errors.RayTaskError as e:
            if ref == hand.hello:
                raise UsageError(_unusable(str(e))) from e
            said = Lost("fault", str(e))
        except errors.RayError as e:
            self._lost(hand, e, at)
            return
        if ref == hand.hello:
            self._welcome(hand, said)
        elif ref == hand.asked:
            hand.asked, hand.told_at = None, time.monotonic()
            if not isinstance(said, Lost):
                _tell(hand, said)
        else:
            self._take(hand, ref, said, at)

    def _welcome(self, hand: _Hand, said: dict[str, str]) -> None:
        hand.hello, self._stillborn = None, 0
        if self._address is not None and (differ := differences(versions(), said)):
            raise UsageError(f"集群里的版本与本机不同，读数可能不一样：{'；'.join(differ)}。请在所有机器上装同样的版本。")

    def _take(self, hand: _Hand, ref: Any, said: Any, at: _Progress) -> None:
        given = next(given for given in hand.given if given.ref == ref)
        hand.given.remove(given)
        if isinstance(said, NotHere) and not given.carried:
            hand.far = given.carried = True
            self._give(hand, given, at)
        else:
            at.settle(given.reading, said)

    def _lost(self, hand: _Hand, error: Exception, at: _Progress) -> None:
        """An actor is gone: another one is to do what it had."""
        _LOG.info("actor lost: %s", error)
        self._dismiss(hand)
        if hand.hello is not None:
            self._stillborn += 1
            if self._stillborn >= TRIES or "No module named" in str(error):
                raise UsageError(_unusable(str(error))) from error
        for place, given in enumerate(hand.given):
            tries = at.tries[given.reading.number] = at.tries.get(given.reading.number, 0) + (place == 0)
            if tries >= TRIES:
                at.settle(given.reading, Lost("crashed", str(error)))
            else:
                at.again.append(given.reading)


@dataclass
class _Progress:
    """What waits, what is to be done again, what is done and waits for its turn."""

    waiting: deque[Reading]
    again: deque[Reading] = field(default_factory=deque)
    order: deque[Reading] = field(default_factory=deque)
    done: dict[int, Result] = field(default_factory=dict)
    tries: dict[int, int] = field(default_factory=dict)
    moved: float = field(default_factory=time.monotonic)

    @property
    def unsettled(self) -> int:
        """Documents that somebody has to read yet."""
        return len(self.waiting) + len(self.order) - len(self.done)

    def next(self) -> Reading:
        """The next document; what was begun before goes first, since others wait for it."""
        if self.again:
            return self.again.popleft()
        reading = self.waiting.popleft()
        self.order.append(reading)
        return reading

    def settle(self, reading: Reading, said: Result | Lost) -> None:
        """Take what came of a document; a short one was never asked how far it is."""
        if isinstance(said, Material):
            reading.watch(len(said.reading.pages), len(said.reading.pages))
        self.done[reading.number] = reading.lost(said) if isinstance(said, Lost) else reading.told(said)


def differences(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    """What differs between this machine and another one, told."""
    return [f"{name} {theirs.get(name, '没有')}（本机 {version}）" for name, version in ours.items() if theirs.get(name) != version]


def _tell(hand: _Hand, said: tuple[int, int, int]) -> None:
    number, pages, read = said
    for given in hand.given:
        if given.reading.number == number and pages:
            given.reading.watch(pages, read)


def _unusable(said: str) -> str:
    if "No module named" in said:
        return "集群的机器上没有装 jihe，或装在别的环境里。请在所有机器上装同样的版本（见 docs/cluster.md）。"
    return "Ray 的读取进程启动不了。请用 ray status 查看集群；或去掉 --engine ray 在本机读。"
