"""Which lines of the params file give a cluster another version, for templates of any shape."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.model.environment import EnvironmentStack, SsmRef
from aurora_cfn.model.upgrade_plan import Setting
from aurora_cfn.operate.upgrade.settings import settings_for
from aurora_cfn.template.summary import TemplateSummary, summary_of

PG = "aurora-postgresql"
VERSION: dict[str, Any] = {"Type": "String", "Default": "17.7"}


def template(version: Any, *, family: Any = None, group: Any = None) -> TemplateSummary:
    """A cluster with that version, and its parameter group with that family."""
    properties: dict[str, Any] = {"Engine": PG, "EngineVersion": version}
    resources: dict[str, Any] = {"Db": {"Type": "AWS::RDS::DBCluster", "Properties": properties}}
    if family is not None:
        resources["Group"] = {"Type": "AWS::RDS::DBClusterParameterGroup", "Properties": {"Family": family}}
        properties["DBClusterParameterGroupName"] = {"Ref": "Group"}
    if group:
        properties["DBClusterParameterGroupName"] = group
    return summary_of("t", {"Parameters": {"V": VERSION, "F": VERSION}, "Resources": resources}, "templates/t.yaml")


def entry(**parameters: Any) -> EnvironmentStack:
    return EnvironmentStack("db", "db-dev", "t", parameters, 3, dict.fromkeys(parameters, 5), file="templates/t.yaml")


FOLLOWS = {"Fn::Sub": ["aurora-postgresql${P}", {"P": {"Fn::Select": [0, {"Fn::Split": [".", {"Ref": "V"}]}]}}]}
V = {"Ref": "V"}


@pytest.mark.parametrize(
    ("made", "given", "to", "changes", "faults"),
    [
        (template(V, family=FOLLOWS), {"V": "17.7"}, "18.3", [Setting("V", "17.7", "18.3", 5)], []),
        (template(V, family=FOLLOWS), {}, "17.9", [Setting("V", "", "17.9", 3)], []),
        (template(V), {"V": "17.9"}, "17.9", [], []),
        (template(V, family={"Ref": "F"}), {"V": "17.7", "F": "aurora-postgresql17"}, "18.3",
         [Setting("V", "17.7", "18.3", 5), Setting("F", "aurora-postgresql17", "aurora-postgresql18", 5)], []),
        (template(V, family="aurora-postgresql17"), {"V": "17.7"}, "18.3", [Setting("V", "17.7", "18.3", 5)],
         ["templates/t.yaml: Family of Group is aurora-postgresql17: make it aurora-postgresql18"]),
        (template(V, family="aurora-postgresql17"), {"V": "17.7"}, "17.9", [Setting("V", "17.7", "17.9", 5)], []),
        (template(V, family="postgres17"), {"V": "17.7"}, "18.3", [Setting("V", "17.7", "18.3", 5)], []),
        (template(V, group="mine"), {"V": "17.7"}, "18.3", [Setting("V", "17.7", "18.3", 5)],
         ["DBClusterParameterGroupName of Db is mine: a group of the family aurora-postgresql18 is needed"]),
        (template(V, group="default.aurora-postgresql18"), {"V": "17"}, "18.3", [Setting("V", "17", "18.3", 5)], []),
    ],
)  # fmt: skip
def test_the_version_and_the_family(
    made: TemplateSummary, given: dict[str, Any], to: str, changes: list[Setting], faults: list[str]
) -> None:
    found = settings_for(entry(**given), made, "Db", PG, to)
    assert (list(found.changes), list(found.family_faults), found.by_hand) == (changes, faults, ())


@pytest.mark.parametrize(
    ("made", "given", "text"),
    [
        (template("17.7"), {}, "templates/t.yaml: EngineVersion of Db is not a parameter: write 18.3 there"),
        (template({"Fn::Sub": "${V}.1"}), {}, "is not a parameter"),
        (template(V), {"V": SsmRef("/v")}, "V of db is a reference"),
    ],
)
def test_what_only_the_user_can_change(made: TemplateSummary, given: dict[str, Any], text: str) -> None:
    found = settings_for(entry(**given), made, "Db", PG, "18.3")
    assert found.changes == ()
    assert text in found.by_hand[0]
