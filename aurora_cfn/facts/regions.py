"""Which services and features are missing in which region."""

from __future__ import annotations

from typing import Literal

from aurora_cfn.facts.reading import read_facts


def is_missing(feature: Literal["data-api", "dsql"], region: str) -> bool:
    """Whether a region is known to lack the feature."""
    return region in read_facts("regions")["missing"][feature]
