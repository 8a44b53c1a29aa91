"""What Aurora DSQL does otherwise than the PostgreSQL behind it: its limits, its refusals, and commits without locks.

Sources: Aurora DSQL User Guide ("Cluster quotas and database limits", "Concurrency control", "SQL feature
compatibility") and the messages that clusters were seen to send, both read 2026-11.
"""
