"""Access of people and functions to a database: its roles, what they may do, and their passwords."""
