"""What is measured, and how: forms, cells, places, marks, findings, answers against gold. Deterministic; no model judges."""
