"""The effects: every row is about something that exists, and no property that replaces data is forgotten."""

from __future__ import annotations

import pytest

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.effects import effect_rows
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.value import Path as Keys
from aurora_cfn.template.resource_schema import schema
from tests.facts.schemas import write_only

TYPES = tuple(dict.fromkeys(kind for row in read_facts("effects")["rows"] for kind in row["types"]))

TESTS = {"before", "after", "moves", "loses", "edits", "same"}
BY_THE_REFERENCE_ALONE = {
    "AWS::OpenSearchService::Domain": {"EngineVersion", "VPCOptions"},
    "AWS::Elasticsearch::Domain": {
        "ElasticsearchVersion", "EncryptionAtRestOptions.KmsKeyId", "AdvancedSecurityOptions.Enabled",
    },
    "AWS::DynamoDB::Table": {"AttributeDefinitions", "LocalSecondaryIndexes"},
    "AWS::FSx::FileSystem": {"LustreConfiguration", "WindowsConfiguration", "OntapConfiguration",
                             "OpenZFSConfiguration", "FileSystemTypeVersion"},
    "AWS::ElastiCache::ReplicationGroup": {"NumNodeGroups"},
    "AWS::ElastiCache::CacheCluster": {"NumCacheNodes"},
    "AWS::EMR::Cluster": {"Instances"},
    "AWS::Batch::ComputeEnvironment": {"ComputeResources"},
    "AWS::AppSync::GraphQLApi": {"ApiType", "Visibility"},
    "AWS::Route53::RecordSet": {"Name"},
    "AWS::HealthLake::FHIRDatastore": {"DatastoreName", "IdentityProviderConfiguration"},
    "AWS::CodeArtifact::Domain": {"EncryptionKey"},
    "AWS::CodeArtifact::Repository": {"DomainOwner"},
}  # fmt: skip
"""Replaced by the template reference, while the schema is silent."""


def dotted(keys: Keys) -> str:
    return ".".join(str(key) for key in keys if key != "*")


@pytest.mark.parametrize("kind", TYPES)
def test_a_row_is_about_properties_that_exist(kind: str) -> None:
    rules = schema(kind)
    assert rules is not None
    for row in effect_rows(kind):
        named = {row.property, *(name.removeprefix("was:") for name in row.when if name not in TESTS)}
        named |= {str(row.when["same"])} if "same" in row.when else set()
        assert {name.partition(".")[0] for name in named} <= {*rules.properties, "UpdatePolicy"}
        assert row.says or row.does in {"replace", "unknown"}


@pytest.mark.parametrize("kind", TYPES)
def test_what_the_schema_replaces_is_replaced(kind: str) -> None:
    """And a row that replaces is about what the schema says can replace."""
    rules = schema(kind)
    assert rules is not None
    create_only, conditional = (
        {dotted(keys) for keys in pointers} for pointers in (rules.create_only, rules.conditional)
    )
    for row in effect_rows(kind):
        if row.property in create_only and not row.when:
            assert row.does == "replace"
        if row.does in {"replace", "may-replace"}:
            named = {row.property, row.property.partition(".")[0]}
            assert row.property in create_only | conditional or named & BY_THE_REFERENCE_ALONE[kind]


@pytest.mark.parametrize("kind", sorted(stateful_types()))
def test_every_property_that_may_replace_or_cannot_be_read_back_has_a_row(kind: str) -> None:
    rules = schema(kind)
    assert rules is not None
    known = {row.property for row in effect_rows(kind)}
    wanted = {*map(dotted, rules.create_only), *map(dotted, rules.conditional), *write_only(kind)}
    missing = {name for name in wanted if not any(name == one or name.startswith(f"{one}.") for one in known)}
    assert missing == set()


def test_a_source_is_used() -> None:
    facts = read_facts("effects")
    assert {row["source"] for row in facts["rows"]} == set(facts["sources"])


@pytest.mark.parametrize(
    ("kind", "name", "how"),
    [
        ("AWS::RDS::DBCluster", "Port", "restart"),
        ("AWS::RDS::DBCluster", "EngineVersion", "restart"),
        ("AWS::RDS::DBCluster", "DBClusterParameterGroupName", "pending-reboot"),
        ("AWS::RDS::DBCluster", "NetworkType", "connections"),
        ("AWS::RDS::DBInstance", "DBParameterGroupName", "restart"),
        ("AWS::RDS::DBInstance", "OptionGroupName", "none"),
        ("AWS::RDS::DBInstance", "DedicatedLogVolume", "restart"),
    ],
)
def test_what_the_documentation_says_of_an_interruption(kind: str, name: str, how: str) -> None:
    rows = [row for row in read_facts("effects")["rows"] if kind in row["types"] and name in row["properties"]]
    assert [row["how"] for row in rows if "when" not in row] == [how]
