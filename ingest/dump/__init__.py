"""Text dumps: the text of forms whose layout is gone, put back into tables."""
