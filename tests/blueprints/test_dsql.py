"""The DSQL template: kept, protected, and honest about its regions."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.blueprints.dsql import BLUEPRINT
from aurora_cfn.render import template

TEMPLATE: dict[str, Any] = template(BLUEPRINT)
CLUSTER: dict[str, Any] = TEMPLATE["Resources"]["Cluster"]
DEFAULTS = {row.name: row.default_text or "" for row in BLUEPRINT.parameters}
PEER = "arn:aws:dsql:us-east-2:123456789012:cluster/" + "a" * 26


def problems(**changed: str) -> list[str]:
    return [text for check in BLUEPRINT.checks if (text := check.problem(DEFAULTS | changed))]


def test_the_cluster_outlives_its_stack_and_its_replacement() -> None:
    assert (CLUSTER["DeletionPolicy"], CLUSTER["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert CLUSTER["Properties"]["DeletionProtectionEnabled"] == {"Ref": "DeletionProtection"}
    assert DEFAULTS["DeletionProtection"] == "true"


def test_one_region_asks_for_no_regions_at_all() -> None:
    condition, regions, absent = CLUSTER["Properties"]["MultiRegionProperties"]["Fn::If"]
    assert (condition, absent) == ("HasWitness", {"Ref": "AWS::NoValue"})
    assert regions["WitnessRegion"] == {"Ref": "WitnessRegion"}
    assert regions["Clusters"]["Fn::If"][:2] == ["HasPeer", [{"Ref": "PeerClusterArn"}]]


def test_outputs_are_what_a_client_signs_and_connects_with() -> None:
    values = {name: output["Value"] for name, output in TEMPLATE["Outputs"].items()}
    assert values["Endpoint"] == {"Fn::GetAtt": ["Cluster", "Endpoint"]}
    assert values["ClusterArn"] == {"Fn::GetAtt": ["Cluster", "ResourceArn"]}


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"PeerClusterArn": PEER}, "needs WitnessRegion"),
        ({"PeerClusterArn": PEER, "WitnessRegion": "us-east-2"}, "must be a third one"),
    ],
)
def test_peers_without_a_third_region_are_refused(changed: dict[str, str], part: str) -> None:
    (problem,) = problems(**changed)
    assert part in problem


@pytest.mark.parametrize(
    "changed", [{}, {"WitnessRegion": "us-west-2"}, {"WitnessRegion": "us-west-2", "PeerClusterArn": PEER}]
)
def test_one_region_the_first_step_and_the_last_step_are_accepted(changed: dict[str, str]) -> None:
    assert problems(**changed) == []


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("WitnessRegion", ["", "us-west-2", "ap-northeast-1"], ["us", "US-WEST-2", "us-west"]),
        ("PeerClusterArn", ["", PEER], [PEER[:-1], "cluster", PEER.replace("dsql", "rds")]),
        ("KmsKeyArn", ["", "arn:aws:kms:eu-west-1:123456789012:key/1-2"], ["alias/aws/rds", "key"]),
    ],
)
def test_parameters_have_their_bounds(name: str, good: list[str], bad: list[str]) -> None:
    row = BLUEPRINT.parameter(name)
    assert row is not None
    assert [value for value in good if row.problem(value)] == []
    assert [value for value in bad if not row.problem(value)] == []
