"""Read-only checks of a PostgreSQL database: `queries` ask its catalogs, `checks` judge the rows, `read` runs them."""
