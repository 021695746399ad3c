"""The MCP server: requests to reads and back. What goes wrong is told as the protocol wants it told; no trace leaves the process."""

from __future__ import annotations

import asyncio
import importlib.metadata
import json
import logging
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from mcp import types
from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError

from agents.tools import ERROR
from schema.errors import JiheError, UsageError
from ui.mcp import described
from ui.mcp.reads import Reads

_logger = logging.getLogger(__name__)
_BROKEN = "服务端出错，详情在它的日志里（标准错误输出）。"
Context = ServerRequestContext[Any]


def make_server(reads: Reads) -> Server[Any]:
    """A server of these reads, for any transport. The reads have to stay open as long as it runs."""
    handlers = _Handlers(reads)
    return Server(
        "jihe",
        version=importlib.metadata.version("jihe"),
        title="绩核",
        description="项目支出绩效自评表：查询、读表、核对发现、提问。只读。",
        instructions=described.INSTRUCTIONS,
        on_list_tools=handlers.list_tools,
        on_call_tool=handlers.call_tool,
        on_list_resources=handlers.list_resources,
        on_list_resource_templates=handlers.list_templates,
        on_read_resource=handlers.read_resource,
    )


class _Handlers:
    """One method per request. Reads take their time, so they run in threads, and other clients are served meanwhile."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads

    async def list_tools(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[described.tool_of(tool) for tool in self._reads.tools.values()])

    async def call_tool(self, _: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        if params.name not in self._reads.tools:
            raise MCPError(types.INVALID_PARAMS, f"没有 {params.name!r} 这个工具。现有：{'、'.join(self._reads.tools)}。")
        try:
            reply = await asyncio.to_thread(self._reads.call, params.name, params.arguments or {})
        except Exception:
            _logger.exception("tool %r", params.name)
            return _told(f"{ERROR}{_BROKEN}", None)
        return _told(*reply)

    async def list_resources(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListResourcesResult:
        return types.ListResourcesResult(resources=described.resources())

    async def list_templates(self, _: Context, __: types.PaginatedRequestParams | None) -> types.ListResourceTemplatesResult:
        return types.ListResourceTemplatesResult(resource_templates=described.resource_templates())

    async def read_resource(self, _: Context, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
        read = self._resource(params.uri)
        try:
            data = await asyncio.to_thread(read)
        except JiheError as e:
            code = types.INVALID_PARAMS if isinstance(e, UsageError) else types.INTERNAL_ERROR
            raise MCPError(code, str(e), {"uri": params.uri}) from e
        except Exception as e:
            _logger.exception("resource %r", params.uri)
            raise MCPError(types.INTERNAL_ERROR, _BROKEN, {"uri": params.uri}) from e
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        return types.ReadResourceResult(contents=[types.TextResourceContents(uri=params.uri, mime_type=described.JSON, text=text)])

    def _resource(self, uri: str) -> Callable[[], dict[str, Any]]:
        if uri == described.FORMS_URI:
            return self._reads.forms
        head, _, form_id = uri.rpartition("/")
        if head != described.FORMS_URI or not form_id:
            message = f"没有 {uri!r} 这个资源。可读的是 {described.FORMS_URI} 和 {described.FORM_URI}。"
            raise MCPError(types.INVALID_PARAMS, message, {"uri": uri})
        return lambda: self._reads.form(unquote(form_id))


def _told(text: str, data: dict[str, Any] | None) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=text)], structured_content=data, is_error=data is None)
