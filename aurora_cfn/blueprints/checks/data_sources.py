"""The parameters of a cluster that say where its data come from; apart from their rows, which need troposphere."""

from __future__ import annotations

from typing import Final

SOURCES: Final = ("SnapshotIdentifier", "SourceDBClusterIdentifier", "SourceDbClusterResourceId")
"""Parameters of which at most one is given."""
