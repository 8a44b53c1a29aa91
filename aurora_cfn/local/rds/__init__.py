"""Amazon RDS over real PostgreSQL: ministack keeps the records, this package keeps the servers behind them."""
