"""The model files, without a server: what their matrices say, worked out here, is what they were made to say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.llama import __main__ as command
from eval.llama import free_sampling, random_model, tape_model
from eval.llama import tape as tapes
from eval.llama.nonsense import CONTEXT
from eval.llama.vocabulary import END, FIRST_BYTE, FIRST_WORD, Vocabulary, vocabulary_of, vocabulary_with
from schema.errors import UsageError

TEXTS = ['{"name":"步道长度","weight":"10.00"}', "a b\n\t▁“é”𠮷<s>", "", "null,null"]


@pytest.fixture
def reader() -> Any:
    """Opens a file with the package that wrote it."""
    return pytest.importorskip("gguf", reason="the package gguf of the development extra is not installed").GGUFReader


@pytest.mark.parametrize("text", TEXTS)
def test_texts_survive_the_vocabulary(text: str) -> None:
    vocabulary = vocabulary_of(TEXTS)
    assert vocabulary.decode([*vocabulary.encode(text), END]) == text
    assert max(vocabulary.encode(text), default=0) < len(vocabulary) == len(vocabulary.tokens) == len(vocabulary.kinds)


def test_keys_and_chinese_characters_are_single_tokens_and_the_rest_is_bytes() -> None:
    vocabulary = vocabulary_of(['{"level1":"产出"}'])
    assert vocabulary.words == ("level1", "产", "出")
    assert len(vocabulary.encode('"level1":"产出"')) == 1 + 1 + 3 + 2 + 1
    assert vocabulary_of(["▁"]).encode("▁") == [FIRST_BYTE + value for value in "▁".encode()]


def test_words_that_cannot_be_tokens_are_left_out() -> None:
    words = vocabulary_with(["≥5 个", "a", " ", "一\n二", "▁", "<0x41>", "一", "一"])
    assert words == Vocabulary(("≥5 个", "一"))
    assert words.tokens[FIRST_WORD:] == ["≥5▁个".encode(), "一".encode()]
    assert len(set(words.tokens)) == len(words.tokens)


def _numbers(read: Any, name: str) -> np.ndarray[Any, Any]:
    return np.array(next(tensor.data for tensor in read.tensors if tensor.name == name))


def _normed(states: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    centred = states - states.mean(axis=1, keepdims=True)
    return np.asarray(centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + 1e-5))


def test_the_positions_of_a_tape_spell_its_answers(tmp_path: Path, reader: Any) -> None:
    answers = {"甲": TEXTS[0], "乙": "", "丙": TEXTS[3]}
    count = tape_model(tmp_path / "t.gguf", answers)
    read = reader(tmp_path / "t.gguf")
    logits = _normed(_numbers(read, "position_embd.weight")) @ _numbers(read, "output.weight").T
    said = logits.argmax(axis=1)[1 : count + 1]
    vocabulary = vocabulary_of([tapes.NO_ANSWER, *answers.values()])
    spelled = [token for text in (tapes.NO_ANSWER, *answers.values()) for token in (*vocabulary.encode(text), END)]
    assert said.tolist() == spelled
    # So far before the next best that no sampler takes another one.
    first, second = np.sort(logits[1 : count + 1], axis=1)[:, [-1, -2]].T
    assert (first - second).min() > 20


def test_the_template_leads_each_key_to_its_answer(tmp_path: Path, reader: Any) -> None:
    tape_model(tmp_path / "t.gguf", {"甲": "一二", '乙"\\\n': "三"})
    template = reader(tmp_path / "t.gguf").get_field("tokenizer.chat_template").contents()
    first = 1 + len(vocabulary_of([tapes.NO_ANSWER]).encode(tapes.NO_ANSWER)) + 1
    # The longer key comes first; its answer stands behind the two tokens and the end of the other one.
    longer, shorter = rf"""if "乙\"\\\n" in asked -%}}{{{{- '#' * {first + 3} -""", f"""elif "甲" in asked -%}}{{{{- '#' * {first} -"""
    assert 0 < template.index(longer) < template.index(shorter) < template.index(tapes.NO_ANSWER)


@pytest.mark.parametrize("key", ["", " \n", "一\t二", "\x00"])
def test_keys_that_a_template_cannot_hold_are_refused(key: str, tmp_path: Path, reader: Any) -> None:
    with pytest.raises(ValueError, match="cannot be a key"):
        tape_model(tmp_path / "t.gguf", {key: "一"})


def test_a_tape_has_an_end(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too many"):
        tape_model(tmp_path / "t.gguf", {"甲": "一" * tapes.MOST_TOKENS})


def test_the_random_model_has_a_weight_for_everything_a_schema_may_need(tmp_path: Path, reader: Any) -> None:
    random_model(tmp_path / "r.gguf", ["98.50", "≥5个", " ", "一\n二"])
    read = reader(tmp_path / "r.gguf")
    logs = _numbers(read, "output.weight")[:, 0]
    tokens = read.get_field("tokenizer.ggml.tokens").contents()
    weight = dict(zip(tokens, logs, strict=True))
    assert weight["98.50"] == weight["≥5个"] > weight["一"] > weight["<0xE4>"]
    assert all(weight[f"<0x{ord(sign):02X}>"] > weight["<0xE4>"] + 20 for sign in '{}[]":,nul_019')
    assert {"其", "产", "，"} <= set(tokens)
    assert len(_numbers(read, "position_embd.weight")) == CONTEXT
    assert free_sampling(3)["seed"] == 3


def test_without_the_package_it_is_said_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(name: str) -> Any:
        raise ModuleNotFoundError(name)

    monkeypatch.setattr("eval.llama.weights.import_module", missing)
    with pytest.raises(UsageError, match="gguf"):
        tape_model(tmp_path / "t.gguf", {"甲": "一"})
    assert command.main(["-o", str(tmp_path / "models"), "baoshan-2020"]) == 1
    assert "[dev]" in capsys.readouterr().err


def test_the_command_writes_a_file_for_each_sample(tmp_path: Path, reader: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["-o", str(tmp_path / "models"), "baoshan-2020"]) == 0
    assert sorted(path.name for path in (tmp_path / "models").iterdir()) == ["baoshan-2020.gguf", "random.gguf"]
    assert "4 forms" in capsys.readouterr().out
