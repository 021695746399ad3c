"""The web app: pages over the same functions as the command line; one module per page."""
