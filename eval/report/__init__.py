"""Reports of a run: Markdown, and one HTML page that needs nothing but itself, with charts and pieces of pages. JSON is run.json itself."""
