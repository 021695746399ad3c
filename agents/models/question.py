"""What is asked of a model, and what became of it: every way a question can end has a name, a sentence, and an advice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from schema.transcript import Transcript

T = TypeVar("T", bound=Transcript)

Status = Literal[
    "ok", "truncated", "filtered", "refused", "empty", "invalid", "unsupported", "rejected", "unreachable", "server", "unasked"
]


class Told(NamedTuple):
    """What a status means for people.

    Attributes:
        what: what happened.
        advice: what to do about it; empty where nothing is to be done.
        again: whether asking the same again may end otherwise.
    """

    what: str
    advice: str
    again: bool


MEANINGS: dict[Status, Told] = {
    "ok": Told("模型已回答", "", again=False),
    "truncated": Told("回答太长，没写完就被截断", "请把材料分得小一些再问；本地模型请加大上下文长度（如 Ollama 的 num_ctx）", again=True),
    "filtered": Told("服务商的内容审查拦下了回答", "请人工填写，或换一个端点", again=False),
    "refused": Told("模型拒绝回答", "请人工填写，或换一个模型", again=False),
    "empty": Told("模型返回了空白", "请稍后再试；若总是空白，请关闭模型的思考模式，或换一种 JIHE_MODEL_MODE", again=True),
    "invalid": Told("回答不合规定的格式，已弃用", "请再试一次；若总是如此，请换一种 JIHE_MODEL_MODE 或换一个模型", again=True),
    "unsupported": Told(
        "端点不支持所需的回答格式",
        "请按服务商设置 JIHE_MODEL_PRESET，或运行 jihe doctor --model 逐项试",
        again=False,
    ),
    "rejected": Told("端点不接受这个请求", "请按括号里的说明改正设置；其中若有不认识的字段，可试 JIHE_MODEL_PRESET=generic", again=False),
    "unreachable": Told(
        "连不上端点", "请检查 OPENAI_BASE_URL、网络和代理，本地模型请确认已启动；模型较慢时加大 JIHE_MODEL_TIMEOUT", again=True
    ),
    "server": Told("端点出错或太忙", "请稍后再试；经常如此时调小 JIHE_MODEL_CONCURRENCY", again=True),
    "unasked": Told("没有提问", "除去原因后重新运行即可：已得到的回答不会再次付费", again=True),
}


@dataclass(frozen=True)
class Question(Generic[T]):
    """One question to a model.

    Attributes:
        purpose: what it is for, such as `extract`; the ledger sums by it.
        form: which form it is about, for the ledger.
        system: the lasting instruction.
        user: the material.
        schema: what the answer has to be.
        max_tokens: how long the answer may be.
        images: pictures, as PNG or JPEG files.
    """

    purpose: str
    form: str
    system: str
    user: str
    schema: type[T]
    max_tokens: int = 4096
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class Usage:
    """Tokens as the endpoint counted them."""

    prompt: int
    completion: int

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(self.prompt + other.prompt, self.completion + other.completion)


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What became of a question.

    Attributes:
        value: the answer, checked; only with the status ok.
        raw: the answer as it came.
        detail: particulars, cut and without the key.
        usage: tokens of all attempts, as far as they were reported; what came from the cache cost none.
        seconds: of all attempts together, without the pauses between them.
        cached: whether the answer had been paid for earlier.
        attempts: requests that were sent.
    """

    status: Status
    value: T | None = None
    raw: str = ""
    detail: str = ""
    usage: Usage = Usage(0, 0)
    seconds: float = 0.0
    cached: bool = False
    attempts: int = 0

    @property
    def told(self) -> str:
        """What happened and what to do next."""
        meaning = MEANINGS[self.status]
        what = f"{meaning.what}（{self.detail}）" if self.detail else meaning.what
        return f"{what}。{meaning.advice}。" if meaning.advice else f"{what}。"

    @property
    def again(self) -> bool:
        """Whether asking again may help."""
        return MEANINGS[self.status].again
