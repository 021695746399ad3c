"""What the pages say, in Chinese and in English: one table per page in ui/web/texts, joined here.

Labels of components are translated in the browser (gradio.I18n); what the server renders asks `say`. Both read the same tables.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Literal, cast, get_args

from ui.web import texts

Language = Literal["zh", "en"]
COOKIE = "jihe-lang"
LOCALES: dict[Language, str] = {"zh": "zh-CN", "en": "en"}


def language_of(cookies: Mapping[str, str]) -> Language:
    """The language a browser asked for; Chinese where it asked for none."""
    said = cookies.get(COOKIE, "")
    return cast("Language", said) if said in get_args(Language) else "zh"


def say(language: Language, key: str, **values: object) -> str:
    """A text, with its values put in.

    Raises:
        KeyError: no table has the key.
    """
    text = _TEXTS[key][get_args(Language).index(language)]
    return text.format(**values) if values else text


def translations() -> dict[str, dict[str, str]]:
    """The tables as gradio.I18n takes them: texts by key, by locale."""
    return {locale: {key: pair[place] for key, pair in _TEXTS.items()} for place, locale in enumerate(LOCALES.values())}


def _joined() -> dict[str, tuple[str, str]]:
    out: dict[str, tuple[str, str]] = {}
    for module in pkgutil.iter_modules(texts.__path__):
        table: dict[str, tuple[str, str]] = importlib.import_module(f"{texts.__name__}.{module.name}").TEXTS
        if twice := out.keys() & table.keys():
            raise ValueError(f"{module.name}: {sorted(twice)}")
        out.update(table)
    return out


_TEXTS = _joined()
