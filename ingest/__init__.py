"""A document comes in: files -> pages -> glyphs and rulings -> cells -> one block per form. Imports schema only."""
