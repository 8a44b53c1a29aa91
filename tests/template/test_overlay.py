"""Overlays: what they change, what stays, and what is refused with its line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.template.overlay import Overlay, TagForm, laid_over
from aurora_cfn.template.overlay_parameters import static_parameters
from aurora_cfn.yamltext import read_template

BASE: dict[str, Any] = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Description": "A database",
    "Metadata": {
        "AWS::CloudFormation::Interface": {
            "ParameterGroups": [{"Label": {"default": "All"}, "Parameters": ["Days", "EngineVersion"]}],
            "ParameterLabels": {"Days": {"default": "d"}},
        }
    },
    "Parameters": {
        "Days": {"Type": "Number", "Default": 7},
        "EngineVersion": {"Type": "String", "Default": "17.7"},
    },
    "Conditions": {"HasDays": {"Fn::Equals": [{"Ref": "Days"}, "7"]}},
    "Resources": {
        "Group": {
            "Type": "AWS::RDS::DBClusterParameterGroup",
            "Properties": {
                "Family": {"Fn::Sub": ["aurora-postgresql${Part0}", {}]},
                "Parameters": {"rds.force_ssl": "1"},
            },
        },
        "Cluster": {
            "Type": "AWS::RDS::DBCluster",
            "Properties": {
                "BackupRetentionPeriod": {"Fn::If": ["HasDays", 7, 1]},
                "ServerlessV2ScalingConfiguration": {"MinCapacity": 1, "MaxCapacity": 2},
                "Tags": [{"Key": "Name", "Value": "db"}, {"Key": "Team", "Value": "old"}],
            },
        },
        "Name": {"Type": "AWS::SSM::Parameter", "Properties": {"Value": {"Ref": "Cluster"}}},
    },
    "Outputs": {"Host": {"Value": {"Ref": "Cluster"}}},
}
FORMS: Mapping[str, TagForm] = {
    "AWS::RDS::DBCluster": TagForm("Tags"),
    "AWS::SSM::Parameter": TagForm("Tags", is_mapping=True),
    "AWS::AutoScaling::AutoScalingGroup": TagForm("Tags", more={"PropagateAtLaunch": True}),
}


def overlay(text: str) -> Overlay:
    return Overlay("overlays/db.yaml", read_template(text, "overlays/db.yaml"), FORMS.get)


def at(template: Any, path: str) -> Any:
    for key in path.split("/"):
        template = template[int(key)] if isinstance(template, list) else template.get(key)
    return template


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("Parameters: {Days: {Default: 14}}", "Parameters/Days", {"Type": "Number", "Default": 14}),
        ("Parameters: {Team: {Type: String}}", "Parameters/Team", {"Type": "String"}),
        # The type of a parameter may change, that of a resource not.
        ("Parameters: {Days: {Type: String}}", "Parameters/Days", {"Type": "String", "Default": 7}),
        # A function is replaced as a whole, not merged with what takes its place.
        ("Outputs: {Host: {Value: {Name: x}}}", "Outputs/Host/Value", {"Name": "x"}),
        (
            "Resources: {Cluster: {Properties: {ServerlessV2ScalingConfiguration: {MaxCapacity: 8}}}}",
            "Resources/Cluster/Properties/ServerlessV2ScalingConfiguration",
            {"MinCapacity": 1, "MaxCapacity": 8},
        ),
        (
            "Resources: {Cluster: {Properties: {BackupRetentionPeriod: !Ref Days}}}",
            "Resources/Cluster/Properties/BackupRetentionPeriod",
            {"Ref": "Days"},
        ),
        ("Resources: {Cluster: {DeletionPolicy: Retain}}", "Resources/Cluster/DeletionPolicy", "Retain"),
        ("Resources: {New: {Type: AWS::SNS::Topic}}", "Resources/New", {"Type": "AWS::SNS::Topic"}),
        ("Outputs: {Host: {Description: a host}}", "Outputs/Host/Value", {"Ref": "Cluster"}),
        ("Mappings: {Sizes: {dev: {Max: 2}}}", "Mappings/Sizes/dev/Max", 2),
        ("Description: Ours", "Description", "Ours"),
        ("Remove: [Resources.Name]", "Resources/Name", None),
        ("Remove: [Resources.Cluster.Properties.Tags]", "Resources/Cluster/Properties/Tags", None),
        (
            "Tags: {Team: payments}",
            "Resources/Cluster/Properties/Tags",
            [{"Key": "Name", "Value": "db"}, {"Key": "Team", "Value": "payments"}],
        ),
        ("Tags: {Team: payments}", "Resources/Name/Properties/Tags", {"Team": "payments"}),
        ("Tags: {Team: payments}", "Resources/Group/Properties/Tags", None),
        (
            "Resources: {Fleet: {Type: AWS::AutoScaling::AutoScalingGroup}}\nTags: {A: b}",
            "Resources/Fleet/Properties/Tags/0",
            {"Key": "A", "Value": "b", "PropagateAtLaunch": True},
        ),
        (
            "ClusterParameters: {log_min_duration_statement: 500, jit: true, shared_preload_libraries: [a, b]}",
            "Resources/Group/Properties/Parameters",
            {
                "rds.force_ssl": "1",
                "log_min_duration_statement": "500",
                "jit": "1",
                "shared_preload_libraries": "a,b",
            },
        ),
        (
            "ClusterParameters: {max_connections: '{DBInstanceClassMemory/9531392}', work_mem: !Ref Days}",
            "Resources/Group/Properties/Parameters/work_mem",
            {"Ref": "Days"},
        ),
    ],
)
def test_what_an_overlay_changes(text: str, path: str, value: object) -> None:
    assert at(laid_over(BASE, overlay(text)), path) == value


def test_the_template_below_stays_as_it_was() -> None:
    before = repr(BASE)
    laid_over(BASE, overlay("Tags: {A: b}\nRemove: [Resources.Name]\nClusterParameters: {jit: 1}"))
    assert repr(BASE) == before


def test_an_empty_overlay_changes_nothing() -> None:
    assert laid_over(BASE, overlay("{}")) == BASE


def test_a_removed_parameter_leaves_the_console_groups_too() -> None:
    text = "Remove: [Parameters.Days, Conditions.HasDays, Resources.Cluster, Resources.Name, Outputs.Host]"
    found = laid_over(BASE, overlay(text))
    interface = found["Metadata"]["AWS::CloudFormation::Interface"]
    assert interface["ParameterGroups"] == [{"Label": {"default": "All"}, "Parameters": ["EngineVersion"]}]
    assert interface["ParameterLabels"] == {}
    assert "Conditions" not in found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Resources:\n  Clustr: {Properties: {}}", ":2: Resources.Clustr: Clustr is not in the template (did you mean"),
        ("Resources: {Cluster: {Type: AWS::RDS::DBCluster}}", "Cluster is in the template already (leave out Type"),
        ("Parameters: {Gone: {Default: 1}}", "Gone is not in the template (a new one needs Type)"),
        ("Outputs: {Gone: {Description: x}}", "Gone is not in the template (a new one needs Value)"),
        ("Remove:\n  - Resources.Gone", ":2: Remove.0: Resources.Gone is not in the template"),
        ("Remove: [Cluster]", "Cluster needs its section: Resources.Cluster"),
        ("Remove: Cluster", "must be a list of names"),
        ("Remove: [Resources.Cluster]", "Cluster is removed, and Resources.Name still refers to it"),
        ("Remove: [Parameters.Days]", "Days is removed, and Conditions.HasDays still refers to it"),
        ("Reources: {}", "an overlay has no such section (did you mean Resources?)"),
        ("Resources: []", "Resources: must be a mapping"),
        ("Tags: [a]", "must be a mapping such as {Team: payments}"),
        ("[a]", "an overlay must be a mapping"),
        (
            "ClusterParameters:\n  max_connections: lots",
            ":2: ClusterParameters.max_connections: max_connections 'lots' is not a whole number",
        ),
        ("ClusterParameters:\n  jit: 7", ":2: ClusterParameters.jit: jit '7' is not 0 or 1"),
        ("ClusterParameters: {work_mm: 64}", "postgresql has no parameter work_mm (write work_mem)"),
        ("ClusterParameters: {innodb_file_per_table: 1}", "which is one of another engine"),
        ("ClusterParameters: {port: 99999}", "port 99999 is not between 1 and 65535"),
        ("ClusterParameters: []", "must be a mapping of parameters to values"),
        ("InstanceParameters: {jit: 1}", "the template has no resource of the type AWS::RDS::DBParameterGroup"),
    ],
)
def test_what_is_refused(text: str, says: str) -> None:
    with pytest.raises(InputError) as caught:
        laid_over(BASE, overlay(text))
    assert str(caught.value).startswith("overlays/db.yaml:")
    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("version", "settings", "static"),
    [
        ("17.7", "{jit: 1, shared_preload_libraries: a}", ["shared_preload_libraries"]),
        ("17.7", "{autovacuum_max_workers: 5}", ["autovacuum_max_workers"]),
        ("18.3", "{autovacuum_max_workers: 5}", []),
    ],
)
def test_static_parameters_are_known_by_family(version: str, settings: str, static: list[str]) -> None:
    parameters = BASE["Parameters"] | {"EngineVersion": {"Type": "String", "Default": version}}
    fragment = overlay(f"ClusterParameters: {settings}").document.value
    assert [name for _, name in static_parameters(BASE | {"Parameters": parameters}, fragment)] == static
