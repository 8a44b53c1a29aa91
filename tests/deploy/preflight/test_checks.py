"""Each check: what it must find, where it points, and what it must leave alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from aurora_cfn.deploy.preflight import STACK_CHECKS, WHOLE_CHECKS
from aurora_cfn.deploy.preflight.check import Check, unanswered
from aurora_cfn.deploy.preflight.subject import Deployed, Subject, subject
from aurora_cfn.errors import AwsError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.rds_database import Cluster, Instance, OfferedVersion, Quota
from aurora_cfn.model.stack import Stack, StackResource
from tests.deploy.preflight.toys import ARN, CLUSTER, LIVE, TEMPLATE, FakePorts, environment, running, stack
from tests.fakes.rds import denied

PG = "aurora-postgresql"
CHECKS: list[Check[Any, Any]] = [*WHOLE_CHECKS, *STACK_CHECKS]


@pytest.fixture
def ports() -> FakePorts:
    made = FakePorts()
    made.databases.offered = [OfferedVersion(PG, version, 0.0, 256.0) for version in ("17.4", "17.5", "17.7", "16.9")]
    made.databases.clusters = {}
    return made


def alive(version: str = "17.5", *, protected: bool = False) -> Cluster:
    return Cluster(CLUSTER, "arn:db", "available", PG, version, protected)


def test_nothing_is_found_where_nothing_is_wrong(ports: FakePorts) -> None:
    assert ports.found(stack()) == []
    ports.databases.clusters[CLUSTER] = alive()
    assert ports.found(stack(running())) == []


# Caller


@pytest.mark.parametrize(
    ("where", "words"),
    [
        ({"account": "999999999999"}, "belongs to 999999999999, but these credentials are of 123456789012"),
        ({"region": "cn-north-1"}, "cn-north-1 is in the partition aws-cn"),
        ({"region": "us-gov-west-1"}, "partition aws-us-gov"),
        ({"role_arn": "arn:aws:iam::999999999999:role/x"}, "the role is of the account 999999999999"),
    ],
)
def test_another_account_or_partition_is_an_error(ports: FakePorts, where: dict[str, Any], words: str) -> None:
    found = ports.found(stack(where=where))
    assert [(row.rule, row.severity) for row in found] == [("caller", "error")]
    assert words in found[0].message


def test_the_right_account_is_none(ports: FakePorts) -> None:
    where = {"account": "123456789012", "role_arn": "arn:aws:iam::123456789012:role/x"}
    assert ports.found(stack(where=where)) == []


# Secret


@pytest.mark.parametrize(
    ("held", "words"),
    [
        (None, "the secret that Master names does not exist in eu-west-1"),
        (frozenset({"username", "host"}), "lacks password: it has host, username"),
        (frozenset(), "lacks password, username: it is not a JSON object"),
    ],
)
def test_a_secret_that_does_not_hold_what_is_read(ports: FakePorts, held: frozenset[str] | None, words: str) -> None:
    if held is not None:
        ports.secrets.held["boss"] = held
    (found,) = ports.found(stack(MinCapacity="1", Master="boss"))
    assert (found.rule, found.severity, found.line) == ("secret", "error", 11)
    assert found.key == "stacks.db.parameters.Master"
    assert words in found.message


@pytest.mark.parametrize(
    "name", ["boss", "team/boss", "arn:aws:secretsmanager:eu-west-1:123456789012:secret:boss-AbCdEf"]
)
def test_a_good_secret_by_name_and_by_arn(ports: FakePorts, name: str) -> None:
    ports.secrets.held[name] = frozenset({"username", "password", "engine"})
    assert ports.found(stack(Master=name)) == []


# Engine version


def test_a_version_that_is_not_offered_names_those_that_are(ports: FakePorts) -> None:
    (found,) = ports.found(stack(EngineVersion="17.99"))
    assert (found.rule, found.severity, found.line) == ("engine-version", "error", 10)
    assert found.message == f"Cluster: {PG} 17.99 is not offered in eu-west-1: it has 17.7, 17.5, 17.4"


def test_a_bare_major_version_is_offered(ports: FakePorts) -> None:
    assert ports.found(stack(EngineVersion="17")) == []


def test_a_running_version_is_not_looked_for_again(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive("17.3")
    ports.databases.offered = []
    assert ports.found(stack(running(EngineVersion="17.3"), EngineVersion="17.3")) == []
    assert "DescribeDBEngineVersions" not in ports.databases.calls


@pytest.mark.parametrize(
    ("offer", "given", "words"),
    [
        (OfferedVersion(PG, "17.5", 0.5, 128.0), {"MinCapacity": "0"}, "scales down to 0.5 ACU and so cannot pause"),
        (OfferedVersion(PG, "17.5", 0.5, 128.0), {"MaxCapacity": "200"}, "scales up to 128 ACU, not to 200"),
        (OfferedVersion(PG, "17.5", 1.0, 128.0), {"MinCapacity": "0.5"}, "scales down to 1 ACU, not to 0.5"),
    ],
)
def test_capacities_that_the_version_does_not_have(
    ports: FakePorts, offer: OfferedVersion, given: dict[str, str], words: str
) -> None:
    ports.databases.offered = [offer]
    (found,) = ports.found(stack(None, TEMPLATE, None, **given))
    assert (found.rule, found.severity) == ("engine-version", "error")
    assert words in found.message


def test_of_several_offers_of_a_version_the_widest_capacities_count(ports: FakePorts) -> None:
    ports.databases.offered = [OfferedVersion(PG, "17.5", 0.5, 128.0), OfferedVersion(PG, "17.7", 0.0, 256.0)]
    assert ports.found(stack(None, TEMPLATE, None, EngineVersion="17", MinCapacity="0", MaxCapacity="256")) == []
    (found,) = ports.found(stack(None, TEMPLATE, None, EngineVersion="17", MinCapacity="0", MaxCapacity="257"))
    assert "scales up to 256 ACU, not to 257" in found.message


def test_without_a_maximum_only_the_minimum_is_compared(ports: FakePorts) -> None:
    ports.databases.offered = [OfferedVersion(PG, "17.5", 0.5, 128.0)]
    assert ports.found(stack(None, TEMPLATE.replace(", MaxCapacity: !Ref MaxCapacity", ""))) == []


def test_a_version_that_changes_is_looked_for_and_the_engine_of_no_other_resource(ports: FakePorts) -> None:
    cache = "  Cache: {Type: AWS::ElastiCache::CacheCluster, Properties: {Engine: redis, EngineVersion: '7.1'}}\n"
    assert ports.found(stack(None, TEMPLATE.replace("Outputs:", f"{cache}Outputs:"))) == []
    ports.databases.clusters[CLUSTER] = alive("17.3")
    (found,) = ports.found(stack(running(EngineVersion="17.3"), EngineVersion="17.99"))
    assert (found.rule, found.severity) == ("engine-version", "error")


def test_capacities_that_are_not_shown_are_a_warning(ports: FakePorts) -> None:
    ports.databases.offered = [OfferedVersion(PG, "17.5")]
    (found,) = ports.found(stack())
    assert (found.rule, found.severity) == ("engine-version", "warning")
    assert "does not say that aurora-postgresql 17.5 can run as Aurora Serverless v2" in found.message


def test_the_emulator_is_asked_for_its_versions_too(ports: FakePorts) -> None:
    assert ports.found(stack(where={"endpoint": "local"})) == []
    ports.databases.offered = []
    (found,) = ports.found(stack(where={"endpoint": "local"}))
    assert (found.rule, found.severity) == ("engine-version", "error")


@pytest.mark.parametrize(
    ("version", "region", "words"),
    [
        ("16.0", "eu-west-1", "16.0 has no Data API: take 13.11, 14.8, 15.3, 16.1, 17.4 or 18.3 or later"),
        ("17.5", "eu-central-2", "eu-central-2 has no Data API"),
        ("17.5", "eu-west-1", ""),
        ("18.3", "eu-west-1", ""),
    ],
)
def test_a_data_api_that_is_not_there(ports: FakePorts, version: str, region: str, words: str) -> None:
    ports.databases.offered = [OfferedVersion(PG, version, 0.0, 256.0)]
    wanted = TEMPLATE.replace("      Engine:", "      EnableHttpEndpoint: true\n      Engine:", 1)
    found = ports.found(stack(None, wanted, {"region": region}, EngineVersion=version))
    assert [(row.rule, row.severity) for row in found] == ([("features", "error")] if words else [])
    assert all(words in row.message for row in found)
    assert ports.found(stack(None, TEMPLATE, {"region": region}, EngineVersion=version)) == []


# Running version


@pytest.mark.parametrize(
    ("runs", "was", "wish", "severity"),
    [
        ("17.7", "17.4", "17.5", "error"),
        ("17.7", "17.5", "17.5", "warning"),
        ("17.5", "17.4", "17.5", None),
        ("17.4", "17.4", "17.5", None),
        ("17.7", "17.4", "17", None),
        ("18.1", "18.1", "17", "error"),
    ],
)
def test_a_newer_running_version(ports: FakePorts, runs: str, was: str, wish: str, severity: str | None) -> None:
    ports.databases.clusters[CLUSTER] = alive(runs)
    found = ports.found(stack(running(EngineVersion=was), EngineVersion=wish))
    assert [(row.rule, row.severity) for row in found] == ([("running-version", severity)] if severity else [])
    assert all(row.message.startswith(f"Cluster: runs {runs}, newer than {wish} in the template") for row in found)
    assert all(f"write {runs}, or only the major version" in row.message for row in found)


def test_a_newer_running_version_that_was_reported_already_is_not_reported_again(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive("17.7")
    about = stack(running(EngineVersion="17.4"), EngineVersion="17.5")
    assert ports.rules(about) == [("running-version", "error")]
    assert ports.rules(replace(about, failing=frozenset({"Cluster"}))) == []
    assert ports.rules(replace(about, tried=frozenset({"Cluster"}))) == [("running-version", "warning")]


# Exports


def test_an_export_that_goes_while_it_is_imported(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive()
    ports.account.imports = {"db-dev-Host": ["web", "app"]}
    without = TEMPLATE.partition("Outputs:")[0]
    (found,) = ports.found(stack(running(), without))
    assert (found.rule, found.severity) == ("exports", "error")
    assert "db-dev-Host would be removed, but app, web imports it" in found.message
    ports.account.imports = {}
    assert ports.found(stack(running(), without)) == []
    ports.account.imports = {"db-dev-Host": ["web"]}
    assert ports.found(stack(running())) == []
    # A name that only the deployment knows may be the one that is there now.
    unknown = TEMPLATE.replace('!Sub "${AWS::StackName}-Host"', '!Join ["-", [!GetAtt Cluster.DBClusterResourceId, x]]')
    assert ports.found(stack(running(), unknown)) == []


# Imports


def test_an_import_of_what_no_one_exports(ports: FakePorts) -> None:
    network = '  Net: {Type: AWS::SSM::Parameter, Properties: {Type: String, Value: !ImportValue "net-VpcId"}}\n'
    wanted = TEMPLATE.replace("Outputs:", f"{network}Outputs:")
    (found,) = ports.found(stack(None, wanted))
    assert (found.rule, found.severity) == ("imports", "error")
    assert "no stack exports net-VpcId in eu-west-1" in found.message
    # Two clients of a fleet stand in one line of the params file.
    assert ports.found(stack(None, wanted), stack(None, wanted)) == [found]
    ports.account.exported = {"net-VpcId"}
    assert ports.found(stack(None, wanted)) == []


def test_an_import_from_a_stack_of_the_same_run(ports: FakePorts) -> None:
    user = 'Resources:\n  Net: {Type: AWS::SSM::Parameter, Properties: {Value: !ImportValue "db-dev-Host"}}\n'
    ports.account.trouble = denied("ListExports")
    found = ports.found(stack(), stack(None, user))
    assert "imports" not in [row.rule for row in found]
    assert ("imports", "warning") in ports.rules(stack(None, user))


# Quotas


@pytest.mark.parametrize(("used", "full"), [(39, False), (40, True)])
def test_a_quota_counts_only_what_would_be_made(ports: FakePorts, used: int, full: bool) -> None:
    ports.databases.limits = {"DBClusters": Quota("DBClusters", used, 40), "DBInstances": Quota("DBInstances", 0, 40)}
    found = ports.found(stack())
    assert [(row.rule, row.severity) for row in found] == ([("quotas", "error")] if full else [])
    ports.databases.clusters[CLUSTER] = alive()
    assert ports.found(stack(running())) == []


def test_stacks_of_one_run_are_counted_together(ports: FakePorts) -> None:
    ports.databases.limits = {"DBClusters": Quota("DBClusters", 39, 40)}
    found = ports.found(stack(), stack())
    assert "2 more database clusters do not fit: the account has 39 of 40" in found[0].message


def test_no_room_for_a_snapshot_is_a_warning(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive()
    ports.databases.limits = {"ManualClusterSnapshots": Quota("ManualClusterSnapshots", 100, 100)}
    assert ports.rules(stack(running())) == [("quotas", "warning")]


def test_the_quota_of_stacks(ports: FakePorts) -> None:
    ports.account.quota = Quota("stacks", 2000, 2000)
    (found,) = ports.found(stack())
    assert (found.rule, found.severity, found.path, found.line) == ("stack-quota", "error", "params/dev.yaml", 1)
    ports.account.quota = Quota("stacks", 2000, 0)
    assert ports.rules(stack()) == []


# Names


def test_names_that_are_taken_outside_of_the_stack(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive()
    ports.names.log_groups = {"/aws/rds/cluster/db-dev/postgresql"}
    ports.names.parameters = {"/db/address"}
    found = ports.found(stack())
    assert {(row.rule, row.severity) for row in found} == {("names", "error")}
    assert [row.message.partition(":")[0] for row in found] == ["Logs", "Cluster", "Address"]
    assert f"aurora-cfn import --env dev --stack db Cluster={CLUSTER}" in found[1].message


def test_names_that_an_operation_of_the_stack_is_taking_are_its_own(ports: FakePorts) -> None:
    ports.names.parameters = {"/db/address"}
    creating = Stack(ARN, "db-dev", "CREATE_IN_PROGRESS")
    assert ports.found(stack(Deployed(creating, (), TEMPLATE))) == []


def test_names_that_the_stack_has_itself_are_its_own(ports: FakePorts) -> None:
    ports.databases.clusters[CLUSTER] = alive()
    ports.names.log_groups = {"/aws/rds/cluster/db-dev/postgresql"}
    ports.names.parameters = {"/db/address"}
    assert ports.found(stack(running())) == []


NAMED = "Resources:\n  Data:\n    Type: {kind}\n    Properties: {{{key}: {name}}}\n"
CLUSTER_TYPE = "AWS::RDS::DBCluster"
SECRET_TYPE = "AWS::SecretsManager::Secret"


@pytest.mark.parametrize(
    ("physical_id", "rules"),
    [("arn:aws:secretsmanager:eu-west-1:1:secret:shop-auth-aB3dEf", []), ("", ["names"])],
    ids=["its own", "of another"],
)
def test_a_secret_that_the_stack_has_is_known_by_its_arn(ports: FakePorts, physical_id: str, rules: list[str]) -> None:
    template = NAMED.format(kind=SECRET_TYPE, key="Name", name="shop-auth")
    live = [StackResource("Data", SECRET_TYPE, "CREATE_COMPLETE", physical_id)] if physical_id else []
    deployed = Deployed(running().stack, tuple(live), template)
    ports.names.secrets = {"shop-auth"}
    assert [row.rule for row in ports.found(stack(deployed, template))] == rules


def test_names_of_deleted_resources_are_those_of_others(ports: FakePorts) -> None:
    ports.names.parameters = {"/db/address"}
    ports.databases.clusters[CLUSTER] = alive()
    gone = [replace(row, status="DELETE_COMPLETE") if row.logical_id == "Address" else row for row in LIVE]
    deployed = Deployed(running().stack, tuple(gone), TEMPLATE)
    assert [row.message.partition(":")[0] for row in ports.found(stack(deployed))] == ["Address"]


def test_types_without_a_name_to_take_are_passed_over(ports: FakePorts) -> None:
    assert ports.found(other("Resources: {Topic: {Type: 'AWS::SNS::Topic', Properties: {TopicName: t}}}")) == []


def other(template: str) -> Subject:
    return subject(environment(), EnvironmentStack("other", "other-dev", "toy", {}, 20), template, {}, Deployed())


@pytest.mark.parametrize(
    ("kind", "key", "name", "message"),
    [
        # RDS keeps identifiers in lower case.
        (CLUSTER_TYPE, "DBClusterIdentifier", CLUSTER.upper(), f"Data: db.Cluster makes a cluster {CLUSTER} too"),
        ("AWS::SSM::Parameter", "Name", "/db/address", "Data: db.Address makes a SSM parameter /db/address too"),
        ("AWS::SSM::Parameter", "Name", "/db/Address", None),
        ("AWS::RDS::DBInstance", "DBInstanceIdentifier", CLUSTER, None),
        (CLUSTER_TYPE, "DBClusterIdentifier", "another", None),
    ],
)
def test_names_that_two_stacks_of_the_run_would_give(
    ports: FakePorts, kind: str, key: str, name: str, message: str | None
) -> None:
    found = ports.found(stack(), other(NAMED.format(kind=kind, key=key, name=name)))
    assert [(row.rule, row.severity, row.line) for row in found] == ([("names", "error", 20)] if message else [])
    assert not message or found[0].message == f"{message}: give one of them another name"


def test_names_that_two_resources_of_one_stack_would_get(ports: FakePorts) -> None:
    one = NAMED.format(kind=CLUSTER_TYPE, key="DBClusterIdentifier", name="data")
    (found,) = ports.found(other(one + one.partition("\n")[2].replace("Data:", "More:")))
    assert found.message == "More: other.Data makes a cluster data too: give one of them another name"


# Deletion protection


@pytest.mark.parametrize(
    ("change", "protected", "severity"),
    [
        ("removed", True, "error"),
        ("removed", False, None),
        ("retained", True, None),
        ("replaced", True, "warning"),
        ("replaced", False, None),
        ("none", True, None),
    ],
)
def test_deletion_protection_in_the_way(ports: FakePorts, change: str, protected: bool, severity: str | None) -> None:
    head, _, rest = TEMPLATE.partition("  Cluster:\n")
    address = rest.partition("  Address:")[2].partition("Outputs:")[0]
    gone = f"{head}  Address:{address}"
    old = TEMPLATE.replace("DeletionPolicy: Snapshot", "DeletionPolicy: Retain") if change == "retained" else TEMPLATE
    renamed = TEMPLATE.replace("${AWS::StackName}-Aurora", "${AWS::StackName}-other")
    new = {"removed": gone, "retained": gone, "replaced": renamed, "none": TEMPLATE}[change]
    ports.databases.clusters[CLUSTER] = alive(protected=protected)
    found = [row for row in ports.found(stack(running(old), new)) if row.rule == "deletion-protection"]
    assert [row.severity for row in found] == ([severity] if severity else [])
    assert all("deploy DeletionProtection=false first" in row.message for row in found)
    end = "the deletion fails" if change == "removed" else "the old one stays behind, outside of the stack"
    what = f"Cluster: would be {change}, but deletion protection of {CLUSTER} is on: {end};"
    assert all(row.message.startswith(what) for row in found)


def test_only_databases_that_exist_have_deletion_protection(ports: FakePorts) -> None:
    address = next(row for row in LIVE if row.logical_id == "Address")
    ports.databases.instances["/db/address"] = Instance("/db/address", "available", PG, "17.5", protected=True)
    deployed = replace(running(), resources=(address,))
    gone = f"{TEMPLATE.partition('Resources:')[0]}Resources:\n  Topic: {{Type: AWS::SNS::Topic}}\n"
    assert [row for row in ports.found(stack(deployed, gone)) if row.rule == "deletion-protection"] == []
    assert not {"DescribeDBClusters", "DescribeDBInstances"} & set(ports.databases.calls)


# Missing permissions


@pytest.mark.parametrize(
    ("operation", "words"),
    [
        ("DescribeDBEngineVersions", "which engine versions are offered"),
        ("DescribeAccountAttributes", "the quotas of RDS"),
        ("DescribeDBClusters", "whether names are free"),
    ],
)
def test_a_missing_permission_is_said_and_the_other_checks_go_on(ports: FakePorts, operation: str, words: str) -> None:
    ports.databases.trouble[operation] = denied(operation)
    ports.names.parameters = {"/db/address"}
    ports.account.quota = Quota("stacks", 2000, 2000)
    found = ports.found(stack())
    said = [row.message for row in found if row.severity == "warning"]
    assert said == [f"could not check {words}: needs rds:{operation}"]
    assert ("stack-quota", "error") in [(row.rule, row.severity) for row in found]


def test_where_the_action_is_not_named_like_the_call_all_actions_are_said() -> None:
    refused = AwsError("403", operation="HeadBucket", code="AccessDenied")
    found = unanswered("bucket", "the bucket", ("s3:ListBucket", "s3:GetBucketTagging"), refused, "params/dev.yaml")
    assert found.message == "could not check the bucket: needs s3:ListBucket, s3:GetBucketTagging"


def test_any_other_trouble_is_said_in_aws_words(ports: FakePorts) -> None:
    ports.secrets.trouble = AwsError("GetSecretValue: Rate exceeded (Throttling)", code="Throttling")
    (found,) = ports.found(stack(Master="boss"))
    assert (found.severity, found.rule) == ("warning", "secret")
    assert "Rate exceeded" in found.message


def test_checks_have_names_of_their_own() -> None:
    names = [check.name for check in CHECKS]
    assert len(set(names)) == len(names)


def test_every_check_says_which_permissions_it_needs() -> None:
    for check in CHECKS:
        assert check.actions
        assert all(":" in action for action in check.actions)
