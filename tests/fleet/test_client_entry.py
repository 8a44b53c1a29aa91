"""The stack of a client: its parameters and tags, what is refused, and what makes another version."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.fleet.client_entry import client_entry, version_of, with_clients, without_repeats
from aurora_cfn.fleet.quotas import needs_of, refuse_full
from aurora_cfn.model.environment import AllowedReplacement, Environment, EnvironmentStack, Fleet, StackRef
from aurora_cfn.model.fleet_client import CLIENT, FLEET, OWN_PARAMETERS, VERSION
from aurora_cfn.model.rds_database import Quota
from aurora_cfn.parameters import Parameter
from aurora_cfn.template.summary import TemplateSummary

FLEET_OF_ONE = Fleet("clientdb", "db", ("eu-west-1",), {"Network": StackRef("network"), "Size": "4"})
ENVIRONMENT = Environment(
    "fleet", "params/fleet.yaml", "eu-west-1", (EnvironmentStack("network", "network-fleet", "net", {}, 3),),
    tags={"Team": "data"}, protect=True, fleet=FLEET_OF_ONE,
)  # fmt: skip
TEMPLATE = TemplateSummary(
    "db",
    parameters=(
        Parameter("EnvironmentName", "Whose.", default="dev"),
        Parameter("ClusterName", "Of the cluster.", default=""),
        Parameter("Network", "Where.", default=""),
        Parameter("Size", "How large.", default=2, type="Number", low=1, high=16),
        Parameter("Password", "Secret.", default="", no_echo=True),
        Parameter("Contact", "Who."),
    ),
)
RESOURCES = {
    "Cluster": {"Type": "AWS::RDS::DBCluster"},
    "Writer": {"Type": "AWS::RDS::DBInstance"},
    "Reader": {"Type": "AWS::RDS::DBInstance", "Condition": "HasReader"},
}


def test_a_client_has_the_lines_of_the_fleet_that_are_for_it() -> None:
    lines = tuple(AllowedReplacement("Cluster", "2026-12-31", "empty", 1, name) for name in ("", "acme", "globex"))
    allowing = replace(ENVIRONMENT, fleet=replace(FLEET_OF_ONE, allow_replace=lines))
    assert client_entry(allowing, "acme", TEMPLATE, {"Contact": "ann"}, "v1").allow_replace == lines[:2]
    assert version_of(replace(FLEET_OF_ONE, allow_replace=lines), "x") == version_of(FLEET_OF_ONE, "x")


def test_a_client_has_the_defaults_its_own_values_and_its_names() -> None:
    made = client_entry(ENVIRONMENT, "acme", TEMPLATE, {"Size": "8", "Contact": "ann"}, "v1")
    assert (made.key, made.name, made.template, made.protect) == ("client:acme", "clientdb-acme", "db", True)
    assert made.parameters == {
        "EnvironmentName": "fleet",
        "ClusterName": "clientdb-acme",
        "Network": StackRef("network"),
        "Size": "8",
        "Contact": "ann",
    }
    assert made.tags == {
        "Team": "data", FLEET: "clientdb", CLIENT: "acme", VERSION: "v1", OWN_PARAMETERS: "Contact Size",
    }  # fmt: skip
    there = with_clients(ENVIRONMENT, "eu-central-1", [made])
    assert (there.region, [row.key for row in there.stacks]) == ("eu-central-1", ["network", "client:acme"])


@pytest.mark.parametrize(
    ("name", "own", "said"),
    [
        ("Acme", {}, "'Acme' is not the name of a client: lower-case letters"),
        ("a--b", {}, "single hyphens"),
        ("a" * 31, {}, "at most 30"),
        ("acme", {}, "the template db needs Contact: write it under fleet.defaults in params/fleet.yaml"),
        ("acme", {"Contact": "x", "Sise": "1"}, "--parameter Sise: the template db has no such parameter"),
        ("acme", {"Contact": "x", "Size": "99"}, "--parameter Size: "),
        ("acme", {"Contact": "x", "ClusterName": "y"}, "--parameter ClusterName: it is made of the client's name"),
        ("acme", {"Contact": "x", "Password": "y"}, "--parameter Password: a secret"),
    ],
)
def test_what_a_client_cannot_have_is_refused(name: str, own: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        client_entry(ENVIRONMENT, name, TEMPLATE, own, "v1")


def test_the_name_of_a_stack_of_the_file_is_not_a_clients() -> None:
    other = replace(ENVIRONMENT, stacks=(EnvironmentStack("x", "clientdb-acme", "net", {}, 7),))
    with pytest.raises(InputError, match=r"params/fleet.yaml:7: the stack clientdb-acme has the name of the client"):
        client_entry(other, "acme", TEMPLATE, {"Contact": "x"}, "v1")


def test_a_version_is_the_template_and_the_defaults_in_any_order() -> None:
    turned = replace(FLEET_OF_ONE, defaults=dict(reversed(list(FLEET_OF_ONE.defaults.items()))))
    first = version_of(FLEET_OF_ONE, "text")
    assert first == version_of(turned, "text")
    assert len({first, version_of(FLEET_OF_ONE, "other"), version_of(replace(turned, defaults={}), "text")}) == 3


@pytest.mark.parametrize(
    ("there", "new", "quota", "said"),
    [
        (34, 1, None, ""),
        (34, 2, None, "34 clients of 35 .max_clients_per_region. are there, and 2 more are asked for; nothing was"),
        (0, 2, Quota("DBClusters", 38, 40), ""),
        (0, 3, Quota("DBClusters", 38, 40), "3 more need 3 DBClusters of RDS, of whose quota 38 of 40 are used"),
        (0, 1, Quota("DBInstances", 40, 40), "1 more need 1 DBInstances"),
        (0, 1, Quota("ManualClusterSnapshots", 100, 100), "all 100 manual cluster snapshots are used"),
        (0, 9, Quota("DBClusters", 0, 0), ""),
    ],
)
def test_a_region_without_room_is_refused_with_used_and_maximum(
    there: int, new: int, quota: Quota | None, said: str
) -> None:
    needs = needs_of({"Resources": RESOURCES}, {})
    assert needs == {"DBClusters": 1, "DBInstances": 1}
    quotas = {quota.name: quota} if quota else {}
    if not said:
        refuse_full(FLEET_OF_ONE, "eu-west-1", there, new, quotas, needs)
        return
    with pytest.raises(InputError, match=f"eu-west-1: {said}"):
        refuse_full(FLEET_OF_ONE, "eu-west-1", there, new, quotas, needs)


def test_clients_with_the_same_parameters_but_for_their_names_are_one_to_lint() -> None:
    def row(client: str, own: dict[str, str]) -> EnvironmentStack:
        return client_entry(ENVIRONMENT, client, TEMPLATE, {"Contact": "a", **own}, "v")

    plain = EnvironmentStack("a", "a", "db", {}, 1), EnvironmentStack("b", "b", "db", {}, 1)
    rows = [row("acme", {}), row("globex", {}), row("initech", {"Size": "8"}), *plain]
    assert [each.key for each in without_repeats(rows)] == ["client:acme", "client:initech", "a", "b"]
