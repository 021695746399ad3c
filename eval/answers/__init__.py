"""How strictly answers in free words are looked at: right ones worded anew, and faults planted in them."""
