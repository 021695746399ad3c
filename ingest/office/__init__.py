"""Office files: Word, workbooks, OFD, and what LibreOffice converts to them."""
