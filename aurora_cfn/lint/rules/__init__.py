"""Rules about Aurora, RDS and DSQL, one module a subject, and one for those that are tables."""
