"""Judgement: forms out of pages, and the path from a file to the store. Imports ingest, store and schema."""
