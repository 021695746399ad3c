"""Hostile documents by the thousand: seeded mutations of good ones, read as users' are, and what came of each judged."""
