"""The schemas of databases: read from their catalogs, and compared."""
