"""A scripted endpoint on loopback that behaves as providers do: for tests of everything that asks a model, and for the evaluation."""

from eval.endpoint.honest import honest, random_answer, walk
from eval.endpoint.profiles import PROFILES, Profile, profile_named
from eval.endpoint.server import Counted, Reply, Request, ScriptedEndpoint, ToolCall, count_tokens

__all__ = [
    "PROFILES",
    "Counted",
    "Profile",
    "Reply",
    "Request",
    "ScriptedEndpoint",
    "ToolCall",
    "count_tokens",
    "honest",
    "profile_named",
    "random_answer",
    "walk",
]
