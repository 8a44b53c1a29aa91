"""Branches of a database: clones as stacks of their own, isolated, masked, and deleted at their end."""
