"""Scans and photos made from digital PDFs: seeded, so that the same call gives the same pixels."""
