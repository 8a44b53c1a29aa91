"""Real PostgreSQL servers: where their binaries and data are, how they start, stop and are found again."""
