"""The front of MySQL databases: it ends TLS, checks IAM tokens, stands in for an RDS Proxy, and relays all else."""
