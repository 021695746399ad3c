"""The endpoint out of the environment: what switches it on, what presets give, how wrong values are told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agents.models import Endpoint, endpoint_from_env
from agents.models.presets import PRESETS, is_local
from agents.models.price import Price
from schema.errors import UsageError
from tests.agents.models.conftest import KEY

ON = {"JIHE_MODEL": "m", "OPENAI_API_KEY": KEY}


def _made(**variables: str) -> Endpoint:
    endpoint = endpoint_from_env(ON | variables)
    assert endpoint is not None
    return endpoint


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"OPENAI_API_KEY": KEY},
        {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "http://localhost:1/v1"},
        {"JIHE_MODEL": " ", "OPENAI_API_KEY": KEY},
    ],
    ids=["nothing", "key alone", "key and address", "blank model"],
)
def test_only_a_model_switches_it_on(variables: dict[str, str]) -> None:
    assert endpoint_from_env(variables) is None


@pytest.mark.parametrize(
    ("url", "preset", "mode", "limit_field"),
    [
        ("", "openai", "json_schema", "max_completion_tokens"),
        ("https://api.deepseek.com", "deepseek", "json_object", "max_tokens"),
        ("https://api.deepseek.com/v1/", "deepseek", "json_object", "max_tokens"),
        ("https://dashscope.aliyuncs.com/compatible-mode/v1", "qwen", "json_object", "max_tokens"),
        ("https://dashscope-intl.aliyuncs.com/compatible-mode/v1", "qwen", "json_object", "max_tokens"),
        ("http://localhost:11434/v1", "ollama", "json_schema", "max_tokens"),
        ("http://192.168.1.5:11434/v1", "ollama", "json_schema", "max_tokens"),
        ("https://api.example.com/v1", "generic", "json_schema", "max_tokens"),
    ],
)
def test_the_host_tells_the_preset(url: str, preset: str, mode: str, limit_field: str) -> None:
    endpoint = _made(OPENAI_BASE_URL=url)
    assert (endpoint.preset, endpoint.mode, endpoint.limit_field) == (preset, mode, limit_field)
    assert not endpoint.base_url.endswith("/")


def test_every_variable_is_taken() -> None:
    endpoint = _made(
        OPENAI_BASE_URL="https://api.example.com/v1",
        JIHE_MODEL_PRESET="DeepSeek",
        JIHE_MODEL_MODE="tool",
        JIHE_MODEL_LIMIT_FIELD="max_completion_tokens",
        JIHE_MODEL_TIMEOUT="12.5",
        JIHE_MODEL_CONCURRENCY="3",
        JIHE_MODEL_PRICE="$0.15/0.6",
        JIHE_VISION="是",
    )
    assert (endpoint.mode, endpoint.limit_field, endpoint.timeout, endpoint.concurrency) == ("tool", "max_completion_tokens", 12.5, 3)
    assert endpoint.price == Price(Decimal("0.15"), Decimal("0.6"), "$")
    assert (endpoint.vision, endpoint.preset, endpoint.host) == (True, "deepseek", "api.example.com")
    assert endpoint.extra_body["thinking"] == {"type": "disabled"}


@pytest.mark.parametrize(("text", "currency"), [("2/8元", "元"), ("￥2/8", "元"), ("2 / 8 人民币", "元"), ("$2/8", "$"), ("2/8美元", "$")])
def test_prices(text: str, currency: str) -> None:
    assert _made(JIHE_MODEL_PRICE=text).price == Price(Decimal(2), Decimal(8), currency)


@pytest.mark.parametrize(
    ("variable", "value", "allowed"),
    [
        ("OPENAI_BASE_URL", "api.deepseek.com", "https://"),
        ("OPENAI_BASE_URL", "http://localhost:99999/v1", "http"),
        ("OPENAI_BASE_URL", "https://api.example.com/v1/chat/completions", "https://api.example.com/v1。"),
        ("JIHE_MODEL_PRESET", "gpt", "openai、deepseek、qwen、ollama、vllm、llama.cpp、generic"),
        ("JIHE_MODEL_MODE", "json", "json_schema、json_object、tool"),
        ("JIHE_MODEL_LIMIT_FIELD", "limit", "max_tokens、max_completion_tokens"),
        ("JIHE_MODEL_TIMEOUT", "soon", "3600"),
        ("JIHE_MODEL_TIMEOUT", "nan", "3600"),
        ("JIHE_MODEL_TIMEOUT", "-1", "3600"),
        ("JIHE_MODEL_CONCURRENCY", "2.5", "64"),
        ("JIHE_MODEL_CONCURRENCY", "0", "64"),
        ("JIHE_MODEL_PRICE", "2", "2/8元"),
        ("JIHE_MODEL_PRICE", "2/8", "2/8元"),
        ("JIHE_MODEL_PRICE", "$2/8元", "2/8元"),
        ("JIHE_MODEL_PRICE", "0.00001/8元", "4 位小数"),
        ("JIHE_VISION", "maybe", "1（开）、0（关）"),
    ],
)
def test_a_bad_value_is_told_with_its_name_and_what_is_allowed(variable: str, value: str, allowed: str) -> None:
    with pytest.raises(UsageError) as told:
        endpoint_from_env(ON | {variable: value})
    assert variable in str(told.value)
    assert repr(value) in str(told.value)
    assert allowed in str(told.value)


def test_a_key_is_asked_for_where_one_is_needed() -> None:
    with pytest.raises(UsageError, match=r"OPENAI_API_KEY.*api\.openai\.com"):
        endpoint_from_env({"JIHE_MODEL": "m"})
    local = endpoint_from_env({"JIHE_MODEL": "m", "OPENAI_BASE_URL": "http://localhost:8000/v1"})
    assert local is not None
    assert local.without_key("none of it") == "none of it"


@pytest.mark.parametrize("secret", ["sk-a b", "sk-中文", "sk-a\nb"])
def test_a_broken_key_is_refused_without_being_shown(secret: str) -> None:
    with pytest.raises(UsageError) as told:
        endpoint_from_env(ON | {"OPENAI_API_KEY": secret})
    assert secret not in str(told.value)


@pytest.mark.parametrize("url", ["https://me:secret@api.example.com/v1", "https://api.example.com/v1?key=secret"])
def test_secrets_in_the_address_are_refused_without_being_shown(url: str) -> None:
    with pytest.raises(UsageError) as told:
        endpoint_from_env(ON | {"OPENAI_BASE_URL": url})
    assert "secret" not in str(told.value)


def test_the_key_is_in_no_representation() -> None:
    endpoint = _made()
    assert KEY not in repr(endpoint) + str(endpoint)
    assert endpoint.without_key(f"wrong key {KEY}!") == "wrong key ***!"


@pytest.mark.parametrize(
    ("url", "local"),
    [
        ("http://127.0.0.1:1/v1", True),
        ("http://[::1]:1/v1", True),
        ("http://10.1.2.3/v1", True),
        ("http://ollama:11434/v1", True),
        ("http://box.local/v1", True),
        ("https://8.8.8.8/v1", False),
        ("https://api.openai.com/v1", False),
    ],
)
def test_what_is_local(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_every_preset_says_why() -> None:
    assert all(preset.why for preset in PRESETS)
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)
