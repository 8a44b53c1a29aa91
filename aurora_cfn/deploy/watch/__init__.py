"""Watching operations: events, status and RDS, until a stack has ended."""
