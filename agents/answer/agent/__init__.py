"""Answers with a model's help: an agent over the tools of the desk, and every sentence of it verified before it is shown.

LangChain takes two seconds to import, so only `run`, `chat` and `graph` import it, and only when a model is asked.
"""
