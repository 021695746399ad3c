"""How strictly the agent's final answers are looked at: right ones shown as worded, faults kept from the reader."""
