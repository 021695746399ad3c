"""GGUF files out of a few matrices: a GPT-2 whose attention and feed-forward parts are nought.

What it says next then follows from the last token and its position alone: the sum of their two embeddings, normed, against the output
matrix. That is all that taped and nonsensical answers need, and it runs at thousands of tokens a second on one core.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from eval.llama.vocabulary import BEGIN, END, UNKNOWN, Vocabulary
from schema.errors import UsageError

Floats = NDArray[np.float32]

_ARCHITECTURE = "gpt2"
_INNER = 4
"""Width of the feed-forward part; it is nought at any."""


@dataclass(frozen=True)
class Weights:
    """What is not nought in a model.

    Attributes:
        tokens: embedding of each token, vocabulary by width.
        positions: embedding of each position, context by width.
        out: what each token is compared with the last state by, vocabulary by width.
        scale, shift: width; what the normed last state is multiplied by, and what is added to it.
    """

    tokens: Floats
    positions: Floats
    out: Floats
    scale: Floats
    shift: Floats

    @property
    def context(self) -> int:
        """How many tokens prompt and answer may have together."""
        return int(self.positions.shape[0])

    @property
    def width(self) -> int:
        """Numbers in a state."""
        return int(self.positions.shape[1])

    def tensors(self) -> dict[str, Floats]:
        """Every tensor by its name in a file."""
        width, block = self.width, "blk.0."
        blank = {"attn_qkv": 3 * width, "attn_output": width, "ffn_up": _INNER, "ffn_down": width}
        entering = {"ffn_down": _INNER}
        tensors = {"token_embd.weight": self.tokens, "position_embd.weight": self.positions}
        for name, leaving in blank.items():
            tensors[f"{block}{name}.weight"] = np.zeros((leaving, entering.get(name, width)), np.float32)
            tensors[f"{block}{name}.bias"] = np.zeros(leaving, np.float32)
        for name in ("attn_norm", "ffn_norm"):
            tensors[f"{block}{name}.weight"] = np.ones(width, np.float32)
            tensors[f"{block}{name}.bias"] = np.zeros(width, np.float32)
        return tensors | {"output_norm.weight": self.scale, "output_norm.bias": self.shift, "output.weight": self.out}


def write_gguf(path: Path, vocabulary: Vocabulary, weights: Weights, template: str) -> None:
    """Write a model file.

    Args:
        path: where to; an existing file is replaced.
        template: how messages become a prompt, in Jinja.

    Raises:
        UsageError: the package gguf is not installed.
    """
    gguf = gguf_package()
    writer = gguf.GGUFWriter(path, _ARCHITECTURE)
    writer.add_name(path.stem)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(weights.context)
    writer.add_embedding_length(weights.width)
    writer.add_block_count(1)
    writer.add_feed_forward_length(_INNER)
    writer.add_head_count(1)
    writer.add_layer_norm_eps(1e-5)
    _add_tokenizer(writer, vocabulary, gguf)
    writer.add_chat_template(template)
    for name, tensor in weights.tensors().items():
        writer.add_tensor(name, np.ascontiguousarray(tensor, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_package() -> Any:
    """The package gguf.

    Raises:
        UsageError: it is not installed.
    """
    try:
        return import_module("gguf")
    except ModuleNotFoundError as e:
        raise UsageError("制作 GGUF 模型文件需要 gguf 包，它随开发依赖安装：pip install -e '.[dev]'。") from e


def _add_tokenizer(writer: Any, vocabulary: Vocabulary, gguf: Any) -> None:
    writer.add_vocab_size(len(vocabulary))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(vocabulary.tokens)
    writer.add_token_scores([0.0] * len(vocabulary))
    writer.add_token_types([gguf.TokenType[kind] for kind in vocabulary.kinds])
    writer.add_unk_token_id(UNKNOWN)
    writer.add_bos_token_id(BEGIN)
    writer.add_eos_token_id(END)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_add_space_prefix(False)
