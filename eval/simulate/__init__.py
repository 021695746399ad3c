"""A model's part played by the gold forms: right answers from them, and answers with seeded faults of the kinds that models make."""
