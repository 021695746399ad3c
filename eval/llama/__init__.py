"""A real inference server without a real model: hand-made GGUF files for `llama-server`, and the server itself (docs/testing.md).

`tape_model` gives chosen answers word for word, `random_model` gives nonsense that a grammar keeps in shape. Making files needs the
package gguf, of the development extra; importing this does not.
"""

from eval.llama.nonsense import free_sampling, random_model
from eval.llama.server import LlamaServer
from eval.llama.tape import tape_model, taped

__all__ = ["LlamaServer", "free_sampling", "random_model", "tape_model", "taped"]
