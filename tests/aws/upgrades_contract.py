"""What every side of the ports of an upgrade answers."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.ports.database_changes import BlueGreenDeployments, UpgradeTargets


def keep_targets(targets: UpgradeTargets, version: str) -> None:
    """Versions after the given one, of the same engine; nothing for a version that is not there."""
    found = targets.targets("aurora-postgresql", version)
    assert found
    assert version not in {row.version for row in found}
    assert {row.version.partition(".")[0] for row in found if not row.major} <= {version.partition(".")[0]}
    assert list(targets.targets("aurora-postgresql", "17.99")) == []


def keep_deployments(deployments: BlueGreenDeployments, cluster: str, provisioned: Callable[[], None]) -> None:
    """A deployment from its start over its switch to its end, found by the cluster that has the name."""
    assert deployments.of_cluster(cluster) is None
    made = deployments.create("toy-to-18", cluster, version="18.3", parameter_group="own", tags={"Project": "x"})
    assert (made.name, made.source, made.switched) == ("toy-to-18", cluster, False)
    provisioned()
    found = deployments.of_cluster(cluster)
    assert found is not None
    assert (found.identifier, found.status, found.source) == (made.identifier, "AVAILABLE", cluster)
    assert deployments.switch(made.identifier, timeout=300).status == "SWITCHOVER_IN_PROGRESS"
    while not (found := deployments.of_cluster(cluster)) or not found.switched:
        pass
    assert (found.source, found.target) == (f"{cluster}-old1", cluster)
    deployments.delete(made.identifier, green=False)
    assert deployments.of_cluster(cluster) is None
