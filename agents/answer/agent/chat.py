"""The endpoint as LangChain's chat model: messages and tools go over our own line, which keeps budget, retries and the ledger."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatResult
from langchain_openai import ChatOpenAI
from pydantic import PrivateAttr, SecretStr

from agents.answer.agent.line import Line
from agents.models.endpoint import Endpoint


class EndpointChat(ChatOpenAI):
    """A chat model whose requests go over a Line."""

    _line: Line = PrivateAttr()

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,  # noqa: ARG002 - the signature is LangChain's
        **kwargs: Any,
    ) -> ChatResult:
        return self._create_chat_result(self._line.complete(self._get_request_payload(messages, stop=stop, **kwargs)))


def chat_over(line: Line, endpoint: Endpoint) -> EndpointChat:
    """The chat model of one question."""
    chat = EndpointChat(
        model=endpoint.model,
        base_url=endpoint.base_url,
        api_key=SecretStr(endpoint.api_key),
        max_retries=0,
        use_responses_api=False,
        cache=False,
        disable_streaming=True,
    )
    chat._line = line
    return chat
