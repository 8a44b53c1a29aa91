"""The regions of AWS: their partitions, the features that they lack, and the region that a misspelled name is like."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Literal

from aurora_cfn.facts import read_facts

PATTERN = r"[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}"
"""What the name of a region looks like."""
ALIKE = 0.8
"""How alike a name is to another one that it was probably meant to be, from 0 to 1."""


def is_missing(feature: Literal["data-api", "dsql"], region: str) -> bool:
    """Whether a region is known to lack the feature."""
    return region in read_facts("regions")["missing"][feature]


def known_regions() -> tuple[str, ...]:
    """The regions of every partition that the facts know; there may be newer ones."""
    return tuple(name for row in read_facts("regions")["partitions"].values() for name in row["regions"])


def partition(region: str) -> str:
    """The partition of a region, by the beginning of its name, so also for a region that the facts do not know."""
    rows = read_facts("regions")["partitions"]
    fitting = [name for name in rows if region.startswith(rows[name]["begins"])]
    # The longest beginning: us-gov-west-1 begins with us- too.
    return str(max(fitting, key=lambda name: len(rows[name]["begins"])))


def pseudo_parameters(region: str) -> dict[str, str]:
    """The pseudo parameters of a region: AWS::Region, AWS::Partition and AWS::URLSuffix."""
    name = partition(region)
    suffix = str(read_facts("regions")["partitions"][name]["suffix"])
    return {"AWS::Region": region, "AWS::Partition": name, "AWS::URLSuffix": suffix}


def certificate_bundle(region: str) -> str | None:
    """Where RDS's certificates of the region's partition are; None where the facts do not know it."""
    found: str | None = read_facts("regions")["bundles"].get(partition(region))
    return found


@cache  # the params files of a fleet repeat the same regions
def meant(region: str) -> str:
    """The known region that looks most like the name; empty when none does."""
    return next(iter(get_close_matches(region.lower().replace("_", "-"), known_regions(), 1, ALIKE)), "")


def is_misspelled(region: str) -> bool:
    """Whether the name is surely that of a known region, misspelled, and not that of a region newer than the facts.

    New regions lie in a known direction (`-west-`); their area or their number is what is new.
    """
    directions = {name.split("-")[-2] for name in known_regions()}
    parts = region.split("-")
    return bool(meant(region)) and (len(parts) < 3 or parts[-2] not in directions)
