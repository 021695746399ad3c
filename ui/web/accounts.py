"""Who may log in: a file of names and password hashes, and the sessions of those who did.

The file has a line per person, `name:hash`; the hash is scrypt with a salt of its own (hashlib), written with its parameters.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from threading import Lock

from schema.errors import UsageError
from store.export.atomic import replacing

_COST = (2**15, 8, 1)
_MEMORY = 2**26
SESSION_SECONDS = 12 * 3600
"""A session ends this long after its last request."""
PATIENCE = 5
"""Wrong passwords from one address before it has to wait."""
PAUSE_SECONDS = 60.0


def hash_password(password: str) -> str:
    """The line's second half for a password; another one each time."""
    salt = secrets.token_bytes(16)
    n, r, p = _COST
    return f"scrypt${n}${r}${p}${_text(salt)}${_text(_digest(password, salt, _COST))}"


def add_account(file: Path, name: str, password: str) -> None:
    """Write or renew a person's line; the file is readable by its owner only.

    Raises:
        UsageError: the name cannot be written, or the password is too short.
    """
    if not name or ":" in name or any(c.isspace() for c in name):
        raise UsageError(f"用户名 {name!r} 不能为空，也不能含冒号和空格。")
    if len(password) < 8:
        raise UsageError("密码至少要有 8 个字符。")
    known = dict(_lines(file)) if file.exists() else {}
    known[name] = hash_password(password)
    with replacing(file, private=True) as part:
        part.write_text("".join(f"{one}:{hashed}\n" for one, hashed in known.items()), encoding="utf-8")


class Accounts:
    """The people of a file; none where the file is empty.

    Raises:
        UsageError: the file cannot be read or a line of it is malformed.
    """

    def __init__(self, file: Path) -> None:
        self._hashes = dict(_lines(file))
        if not self._hashes:
            raise UsageError(f"{file}：没有用户。请先用 jihe ui --auth {file} --add-user 用户名 添加。")
        # Whoever guesses names must not learn from the time it takes which of them exist.
        self._nobody = hash_password(secrets.token_urlsafe())

    def knows(self, name: str, password: str) -> bool:
        """Whether this is the person's password."""
        right = _matches(password, self._hashes.get(name, self._nobody))
        return right and name in self._hashes


class Sessions:
    """Who is logged in, by the token in their cookie, and who typed wrong passwords too often. Kept in memory: a restart logs all out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._users: dict[str, tuple[str, float]] = {}
        self._wrong: dict[str, tuple[int, float]] = {}
        self._lock = Lock()

    def begin(self, name: str) -> str:
        """A token for someone who logged in."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            self._users = {known: held for known, held in self._users.items() if held[1] > now}
            self._users[token] = (name, now + SESSION_SECONDS)
        return token

    def user(self, token: str | None) -> str | None:
        """Whose token it is; None where it is nobody's or has run out."""
        with self._lock:
            name, until = self._users.get(token or "", ("", 0.0))
            if not token or until <= self._clock():
                return None
            self._users[token] = (name, self._clock() + SESSION_SECONDS)
            return name

    def end(self, token: str | None) -> None:
        """Log out."""
        with self._lock:
            self._users.pop(token or "", None)

    def wait(self, address: str) -> float:
        """Seconds until a password from this address is looked at again; 0 where it is at once."""
        with self._lock:
            count, since = self._wrong.get(address, (0, 0.0))
            return max(0.0, since + PAUSE_SECONDS - self._clock()) if count >= PATIENCE else 0.0

    def failed(self, address: str) -> None:
        """A wrong password came from this address."""
        with self._lock:
            now = self._clock()
            self._wrong = {known: held for known, held in self._wrong.items() if held[1] + PAUSE_SECONDS > now}
            self._wrong[address] = (self._wrong.get(address, (0, 0.0))[0] + 1, now)

    def forgive(self, address: str) -> None:
        """A right one did."""
        with self._lock:
            self._wrong.pop(address, None)


def _lines(file: Path) -> list[tuple[str, str]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise UsageError(f"{file}：读不出来（{e}）。请检查路径，或用 jihe ui --auth {file} --add-user 用户名 建立。") from e
    out = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        name, _, hashed = line.strip().partition(":")
        if not name or len(hashed.split("$")) != 6 or not hashed.startswith("scrypt$"):
            raise UsageError(f"{file} 第 {number} 行不是“用户名:密码散列”。请用 jihe ui --auth {file} --add-user 用户名 重新添加。")
        out.append((name, hashed))
    return out


def _matches(password: str, hashed: str) -> bool:
    _, n, r, p, salt, digest = hashed.split("$")
    try:
        made = _digest(password, base64.b64decode(salt), (int(n), int(r), int(p)))
    except ValueError:
        return False
    return hmac.compare_digest(made, base64.b64decode(digest))


def _digest(password: str, salt: bytes, cost: tuple[int, int, int]) -> bytes:
    n, r, p = cost
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
