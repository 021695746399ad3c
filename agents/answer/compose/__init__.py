"""A result told, each sentence with the cells it stands on. `composing.compose` is the door."""
