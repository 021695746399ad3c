"""The endpoint of a language model: where it is and how it wants to be asked, out of the environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

from agents.models.presets import LIMIT_FIELDS, MODES, PRESETS, LimitField, Mode, Preset, host_of, is_local, preset_named, preset_of
from agents.models.price import Price, parse_price
from schema.errors import UsageError

KEY, URL, MODEL = "OPENAI_API_KEY", "OPENAI_BASE_URL", "JIHE_MODEL"
PRESET, MODE, LIMIT_FIELD = "JIHE_MODEL_PRESET", "JIHE_MODEL_MODE", "JIHE_MODEL_LIMIT_FIELD"
TIMEOUT, CONCURRENCY, PRICE, VISION = "JIHE_MODEL_TIMEOUT", "JIHE_MODEL_CONCURRENCY", "JIHE_MODEL_PRICE", "JIHE_VISION"
VARIABLES = (KEY, URL, MODEL, PRESET, MODE, LIMIT_FIELD, TIMEOUT, CONCURRENCY, PRICE, VISION)
"""Every variable that is looked at."""

OPENAI_URL = "https://api.openai.com/v1"
NO_KEY = "none"
"""What is sent where no key is needed: clients refuse to send nothing."""
MOST_SECONDS, MOST_AT_ONCE = 3600, 64

_YES, _NO = ("1", "true", "yes", "on", "是"), ("", "0", "false", "no", "off", "否")
_Word = TypeVar("_Word", bound=str)


@dataclass(frozen=True)
class Endpoint:
    """An OpenAI-compatible endpoint. The key is in no representation of it.

    Attributes:
        base_url: without /chat/completions and without a slash at the end.
        mode: how the schema of an answer is told first; a refusal steps down.
        limit_field: what the endpoint calls the longest answer.
        extra_body: further fields of every request, such as thinking off.
        timeout: seconds an answer may take.
        concurrency: how many questions at once, at most.
        price: None where it is not known; sums of money are then not told.
        vision: whether pictures may be sent.
        preset: the name of the preset that gave what was not set.
    """

    base_url: str
    api_key: str = field(repr=False)
    model: str
    mode: Mode = "json_schema"
    limit_field: LimitField = "max_tokens"
    extra_body: Mapping[str, Any] = field(default_factory=dict, hash=False)
    timeout: float = 180.0
    concurrency: int = 4
    price: Price | None = None
    vision: bool = False
    preset: str = "generic"

    @property
    def host(self) -> str:
        """Host and port, as the ledger names the endpoint."""
        return host_of(self.base_url)

    @property
    def local(self) -> bool:
        """Whether it is on this machine or in a private network."""
        return is_local(self.base_url)

    def without_key(self, text: str) -> str:
        """A text that the key is taken out of, should an endpoint repeat it."""
        return text.replace(self.api_key, "***") if self.api_key not in ("", NO_KEY) else text


def endpoint_from_env(environ: Mapping[str, str]) -> Endpoint | None:
    """The endpoint that the environment switches on; None without JIHE_MODEL.

    A key alone switches nothing on: it may lie there for another program, and must not spend money here.

    Raises:
        UsageError: a variable has a value it cannot have; the message names it, the value and what is allowed.
    """
    model = environ.get(MODEL, "").strip()
    if not model:
        return None
    base_url = _base_url(environ.get(URL, "").strip() or OPENAI_URL)
    preset = _preset(environ.get(PRESET, "").strip(), base_url)
    return Endpoint(
        base_url=base_url,
        api_key=_key(environ.get(KEY, "").strip(), base_url),
        model=model,
        mode=_one_of(environ, MODE, MODES) or preset.mode,
        limit_field=_one_of(environ, LIMIT_FIELD, LIMIT_FIELDS) or preset.limit_field,
        extra_body=preset.extra_body,
        timeout=_number(environ, TIMEOUT, MOST_SECONDS, whole=False) or preset.seconds,
        concurrency=int(_number(environ, CONCURRENCY, MOST_AT_ONCE, whole=True) or preset.concurrency),
        price=parse_price(environ[PRICE], PRICE) if environ.get(PRICE, "").strip() else None,
        vision=_switch(environ, VISION),
        preset=preset.name,
    )


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        port_is_fine = False
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_fine:
        raise UsageError(f"{URL} 的值 {text!r} 不是网址。应以 http:// 或 https:// 开头，例如 {OPENAI_URL} 或 http://localhost:11434/v1。")
    if "@" in parts.netloc or parts.query or parts.fragment:
        # Not repeated: what stands before an @ or behind a ? may be a secret.
        raise UsageError(f"{URL} 里不能带用户名、密码、? 或 #（值不在此显示）。密钥请放在 {KEY}。")
    plain = text.rstrip("/")
    if plain.endswith("/chat/completions"):
        raise UsageError(f"{URL} 的值 {text!r} 多了 /chat/completions。请写到它之前，例如 {plain.removesuffix('/chat/completions')}。")
    return plain


def _key(key: str, base_url: str) -> str:
    if not key:
        if is_local(base_url):
            return NO_KEY
        raise UsageError(f"设置了 {MODEL}，但没有设置 {KEY}：{host_of(base_url)} 需要密钥。请设置 {KEY}；不用语言模型时去掉 {MODEL}。")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UsageError(f"{KEY} 里有空格、换行或非英文字符（值不在此显示）。请重新复制密钥。")
    return key


def _preset(name: str, base_url: str) -> Preset:
    if not name:
        return preset_of(base_url)
    preset = preset_named(name.lower())
    if preset is None:
        raise UsageError(_not_allowed(PRESET, name, [known.name for known in PRESETS]))
    return preset


def _one_of(environ: Mapping[str, str], variable: str, allowed: Sequence[_Word]) -> _Word | None:
    value = environ.get(variable, "").strip()
    if not value:
        return None
    for word in allowed:
        if value.lower() == word:
            return word
    raise UsageError(_not_allowed(variable, value, allowed))


def _number(environ: Mapping[str, str], variable: str, most: int, *, whole: bool) -> float | None:
    value = environ.get(variable, "").strip()
    if not value:
        return None
    try:
        number = float(int(value)) if whole else float(value)
    except ValueError:
        number = 0.0
    if not 0 < number <= most:
        raise UsageError(f"{variable} 的值 {value!r} 不可用。应为大于 0、不超过 {most} 的{'整数' if whole else '秒数'}。")
    return number


def _switch(environ: Mapping[str, str], variable: str) -> bool:
    value = environ.get(variable, "").strip().lower()
    if value not in _YES + _NO:
        raise UsageError(f"{variable} 的值 {value!r} 不可用。可用的值：1（开）、0（关）。")
    return value in _YES


def _not_allowed(variable: str, value: str, allowed: Sequence[str]) -> str:
    return f"{variable} 的值 {value!r} 不可用。可用的值：{'、'.join(allowed)}。"
