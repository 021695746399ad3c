"""Answers looked at before they are shown: composed ones (`composed`), and ones in free words (`worded`)."""
