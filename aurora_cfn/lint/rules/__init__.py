"""Rules about Aurora, RDS and DSQL, one a file, and one file for those about properties only."""
