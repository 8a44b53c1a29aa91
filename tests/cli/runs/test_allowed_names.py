"""Names given to `--allow-replace` that mean nothing, or that nothing needs."""

from __future__ import annotations

import pytest

from tests.cli.project import PARAMS, Project

TWO = PARAMS.replace("  db:", "  network:\n    template: network\n  db:")
NOWHERE = "no stack of this run has a resource of that name"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("DBClusters", f"{NOWHERE} (did you mean DBCluster?)"),
        ("dbcluster", f"{NOWHERE} (did you mean DBCluster?)"),
        ("db.DBCluser", f"{NOWHERE} (did you mean db.DBCluster?)"),
        ("db-dev.Writr", f"{NOWHERE} (did you mean db-dev.Writer?)"),
        ("network.DBCluster", f"{NOWHERE} (names are logical ids of templates, or STACK.LOGICAL_ID)"),
        ("netwrk.VPC", "no stack netwrk in this run (did you mean network.VPC?)"),
        ("DBClusters/Table", f"{NOWHERE} (did you mean DBCluster?)"),
        ("zz.VPC", "no stack zz in this run (the stacks of this run: network, db)"),
        ("db.", NOWHERE),
        ("", NOWHERE),
    ],
)
def test_a_name_that_means_nothing_is_refused_before_anything_is_written(dev: Project, name: str, said: str) -> None:
    dev.write(TWO)
    ran = dev.deploy("--yes", "--allow-replace", "VPC", "--allow-replace", name)
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert f"error: --allow-replace {name}: {said}" in ran.stderr
    assert set(dev.endpoint.actions) == {"GetCallerIdentity", "DescribeStacks"}


@pytest.mark.parametrize("way", [("--dry-run",), ("--plan", "plan.json")], ids=lambda way: way[0])
def test_who_only_looks_is_shown_too(dev: Project, way: tuple[str, ...]) -> None:
    assert dev.deploy(*way, "--allow-replace", "DBClusters").exit_code == 3
    assert set(dev.endpoint.actions) == {"GetCallerIdentity", "DescribeStacks"}


def test_every_wrong_name_is_shown_at_once(dev: Project) -> None:
    ran = dev.deploy("--yes", "--allow-replace", "Wrter", "--allow-replace", "DBClustr")
    assert [line.partition(":")[0] for line in ran.stderr.splitlines()[1:]] == [
        "error",
        "--allow-replace DBClustr",
    ]


@pytest.mark.parametrize(
    "name", ["DBCluster", "db.DBCluster", "db-dev.DBCluster", "VPC", "VPC/Table", "network.VPC/Table"]
)
def test_a_name_of_one_stack_of_several_costs_no_call(dev: Project, name: str) -> None:
    dev.write(TWO)
    assert dev.deploy("--dry-run").exit_code == 0
    plain = sorted(dev.endpoint.actions)
    dev.endpoint.actions.clear()
    assert dev.deploy("--dry-run", "--allow-replace", name).exit_code == 0
    assert sorted(dev.endpoint.actions) == plain


ORDERS = (
    "    template: aurora-serverless-postgres\n    parameters:\n      ClusterName: dev-orders\n      MaxCapacity: 8\n"
)
PAIR = f"{PARAMS}  orders:\n{ORDERS}"


def test_a_name_that_two_stacks_have_lets_neither_go(dev: Project) -> None:
    dev.write(PAIR)
    assert dev.deploy("--yes").exit_code == 0
    renamed = PAIR.replace("ClusterName: dev-orders", "ClusterName: dev-orders-2")
    dev.write(renamed.replace("MaxCapacity: 8", "MaxCapacity: 8\n      ClusterName: dev-db-2", 1))
    dev.endpoint.cfn.replaces.add("DBCluster")
    dev.endpoint.actions.clear()
    ran = dev.deploy("--yes", "--no-snapshot", "--allow-replace", "DBCluster")
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert (
        "error: --allow-replace DBCluster: 2 stacks of this run have a resource of that name: say which may lose its "
        "own (--allow-replace db.DBCluster or --allow-replace orders.DBCluster)"
    ) in ran.stderr.replace("\n", " ")
    assert set(dev.endpoint.actions) == {"GetCallerIdentity", "DescribeStacks"}
    logs = ("--allow-replace", "orders.PostgresqlLogGroup")
    one = dev.deploy("--yes", "--no-snapshot", "--allow-replace", "orders.DBCluster", *logs)
    assert one.exit_code == 6, one.stderr
    assert dev.endpoint.actions.count("ExecuteChangeSet") == 1
    names = ("--allow-replace", "DBCluster", "--allow-replace", "PostgresqlLogGroup")
    assert dev.deploy("--yes", "--no-snapshot", "--stack", "db", *names).exit_code == 0


def test_a_name_written_in_one_stack_lets_nothing_go_in_another(dev: Project) -> None:
    dev.write(TWO)
    assert dev.deploy("--yes").exit_code == 0
    deployed = "Resources:\n  DBCluster:\n    Type: AWS::DSQL::Cluster\n"
    dev.endpoint.cfn.put("network-dev", "CREATE_COMPLETE", template=deployed)
    dev.endpoint.actions.clear()
    ran = dev.deploy("--yes", "--no-snapshot", "--allow-replace", "DBCluster")
    assert ran.exit_code == 6, ran.stderr
    assert "DBCluster: the DSQL cluster is deleted, and with it every table in it" in ran.stderr
    assert "ExecuteChangeSet" not in dev.endpoint.actions


def test_a_resource_that_goes_is_known_by_the_deployed_template_alone(dev: Project) -> None:
    topic = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n"
    dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE", template=topic)
    assert dev.deploy("--dry-run", "--allow-replace", "Topic").exit_code == 0
    ran = dev.deploy("--dry-run", "--allow-replace", "Topc")
    assert ran.exit_code == 3
    assert "did you mean Topic?" in ran.stderr


def test_where_the_deployed_template_may_not_be_read_the_guard_alone_decides(dev: Project) -> None:
    dev.endpoint.cfn.put("db-dev", "CREATE_COMPLETE", template="Resources: {T: {Type: 'AWS::SNS::Topic'}}")
    dev.endpoint.refusals["GetTemplate"] = [("AccessDenied", "no")]
    assert dev.deploy("--dry-run", "--allow-replace", "Topc").exit_code == 0


@pytest.mark.parametrize("way", [("--yes",), ("--plan", "plan.json"), ("--dry-run",)], ids=lambda way: way[0])
def test_a_name_that_nothing_needs_is_shown_at_the_end(dev: Project, way: tuple[str, ...]) -> None:
    assert dev.deploy("--yes").exit_code == 0
    dev.write(PARAMS.replace("MaxCapacity: 8", "MaxCapacity: 16"))
    dev.endpoint.cfn.replaces.add("DBCluster")
    names = ("--allow-replace", "db.DBCluster", "--allow-replace", "Writer", "--no-snapshot")
    ran = dev.deploy(*way, *names)
    assert ran.exit_code == 0, ran.stderr
    assert "--allow-replace Writer: nothing of that name needs it" in ran.stderr
    assert "DBCluster: nothing of that name needs it" not in ran.stderr
