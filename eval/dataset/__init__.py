"""Datasets: documents with their gold forms and questions, described by a manifest, and the copies made of them (scans, dumps)."""
