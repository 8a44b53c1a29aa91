"""Engine parameters of Aurora: which are static, and which a whole cluster shares."""

from __future__ import annotations

import re

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered

_FAMILY = re.compile(r"(?:aurora-)?(?P<engine>postgres(?:ql)?|mysql|mariadb)(?P<major>\d+)", re.IGNORECASE)
_ENGINES = {"postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mysql"}


def is_static(name: str, family: str, offered: Offered = NOTHING_OFFERED) -> bool | None:
    """Whether a parameter waits for a reboot in a family such as `aurora-postgresql17`; None when it is not known.

    What RDS itself offers counts before the facts of the program. Without a known engine there is an answer only where
    all engines agree.
    """
    theirs = offered.parameters(family)
    if theirs and (name in theirs.cluster or name in theirs.instance):
        return theirs.cluster.get(name, False) or theirs.instance.get(name, False)
    facts = read_facts("static_parameters")
    found = _FAMILY.match(family)
    # No known engine: static only if some engine has it as static and none as dynamic.
    if found is None:
        differs = any(name in names for names in facts["dynamic"].values())
        return True if not differs and any(name in names for names in facts["static"].values()) else None
    engine = _ENGINES[found["engine"].lower()]
    since = facts["dynamic"][engine].get(name)
    if since is not None and int(found["major"]) >= since:
        return False
    return True if name in facts["static"][engine] else None


_CLUSTER_ENGINES = ("aurora-mysql", "aurora-postgresql")


def cluster_parameters(family: str, offered: Offered = NOTHING_OFFERED) -> frozenset[str]:
    """Parameters only of cluster groups in a family such as `aurora-postgresql17`; none for a family without clusters.

    All of them where RDS was asked; else those that the sources in `cluster_parameters.json` name for the cluster
    alone.
    """
    theirs = offered.parameters(family)
    if theirs is not None:
        return frozenset(theirs.cluster.keys() - theirs.instance.keys())
    engine = next((name for name in _CLUSTER_ENGINES if family.startswith(name)), None)
    return frozenset(read_facts("cluster_parameters")[engine]) if engine else frozenset()
