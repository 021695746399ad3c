"""Pictures of pages to pages: cleaned, straightened, ruled, read."""
