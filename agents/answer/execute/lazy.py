"""Sequences of very many things, of which few are ever looked at."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Lazy(Sequence[T]):
    """A sequence whose members are made when they are looked at."""

    __slots__ = ()

    @abstractmethod
    def member(self, place: int) -> T:
        """What stands at a place, which is one of `range(len(self))`."""

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        """A member, or some."""
        found = range(len(self))[place]
        return self.member(found) if isinstance(found, int) else tuple(map(self.member, found))
