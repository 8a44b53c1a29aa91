"""Metrics of databases as plots on a terminal, as an HTML page, as rows and as JSON."""
