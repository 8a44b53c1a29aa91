"""Aurora PostgreSQL behind the Data API: types, parameters, arrays, moments."""
