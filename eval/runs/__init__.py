"""Runs of an evaluation: carried out, kept, compared, held against a baseline, reported."""
