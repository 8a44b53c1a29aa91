"""Engine parameters that a whole Aurora cluster shares, so that an instance's parameter group does not have them."""

from __future__ import annotations

from functools import cache

from aurora_cfn.facts.reading import read_facts

_ENGINES = ("aurora-mysql", "aurora-postgresql")


@cache
def cluster_parameters(family: str) -> frozenset[str]:
    """Parameters only of cluster groups in a family such as `aurora-postgresql17`; none for a family without clusters.

    Not all of them: those that the sources in `cluster_parameters.json` name for the cluster alone.
    """
    engine = next((name for name in _ENGINES if family.startswith(name)), None)
    return frozenset(read_facts("cluster_parameters")[engine]) if engine else frozenset()
