"""The error for what may succeed in a moment."""


class UnavailableError(Exception):
    """The database does not answer; the same request may succeed in a moment."""
