"""Engine parameters that a whole Aurora cluster shares, so that an instance's parameter group does not have them."""

from __future__ import annotations

from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.facts.reading import read_facts

_ENGINES = ("aurora-mysql", "aurora-postgresql")


def cluster_parameters(family: str, offered: Offered = NOTHING_OFFERED) -> frozenset[str]:
    """Parameters only of cluster groups in a family such as `aurora-postgresql17`; none for a family without clusters.

    All of them where RDS was asked; else those that the sources in `cluster_parameters.json` name for the cluster
    alone.
    """
    told = offered.parameters(family)
    if told is not None:
        return frozenset(told.cluster.keys() - told.instance.keys())
    engine = next((name for name in _ENGINES if family.startswith(name)), None)
    return frozenset(read_facts("cluster_parameters")[engine]) if engine else frozenset()
