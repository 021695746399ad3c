"""How far the confidence of OCR can be trusted: measured on degraded forms whose values are known."""
