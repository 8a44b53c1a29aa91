"""What RDS told when it was asked last, in the user's cache."""

from __future__ import annotations

from pathlib import Path

from aurora_cfn.cli.places import cache_folder
from aurora_cfn.facts.offered import Offered, read_offered


def offered_file() -> Path:
    """Where `aurora-cfn facts refresh` keeps what RDS offered."""
    return cache_folder() / "facts" / "offered.json"


def offered() -> Offered:
    """What is kept there; nothing when nobody asked."""
    return read_offered(str(offered_file()))
