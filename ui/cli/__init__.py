"""The command line. Commands parse their options, call the store or the pipeline, and print; they decide nothing themselves."""

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells use it."""
INTERRUPTED_TOLD = "已中断。"
