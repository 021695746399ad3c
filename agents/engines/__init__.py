"""Other ways to bring documents to their readers: from URLs, and to the workers of a Ray cluster."""
