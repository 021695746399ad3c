"""A home offered to other assistants over the Model Context Protocol, to read and to ask, never to write."""
