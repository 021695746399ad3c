"""Words of questions, as data: patterns and tables, no code that decides."""
