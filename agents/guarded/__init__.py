"""Foreign files are opened in worker processes within bounds of time, memory and output: what a file does costs that file only."""
