"""Numbers of things in words."""

from __future__ import annotations


def amount(count: int, noun: str) -> str:
    """`1 template`, `2 templates`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
