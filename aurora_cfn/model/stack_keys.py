"""Prefixes of names that are given in place of a stack of the params file: of a branch, of a client."""

from __future__ import annotations

BRANCH = "branch:"
"""The prefix of a branch: `branch:pr-812`."""
CLIENT = "client:"
"""The prefix of a client of a fleet: `client:acme`."""
