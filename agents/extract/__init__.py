"""From the block of a form to the form: layout, evidence, completeness."""
