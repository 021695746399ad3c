"""What is done about readings that may be wrong: verified by the form's arithmetic, read again, or marked for review."""
