"""A query carried out over the store: rows with cells and figures, nothing told yet. `execution.execute` is the door."""
