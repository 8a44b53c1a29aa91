from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.rows import Database
from aurora_cfn.model.stack import Output, Stack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.sql.find_database import DatabaseFinder, Wanted, data_api_database

CLUSTER = {"ClusterArn": "arn:c", "SecretArn": "arn:s", "DBName": "temporal", "DNSName": "h", "DBPort": "5433"}
INSTANCE = {"SecretArn": "arn:s2", "DNSName": "h2"}


class Stacks:
    def __init__(self, **outputs: dict[str, str]) -> None:
        self.outputs = outputs
        self.asked: list[str] = []

    def stack(self, name: str) -> Stack | None:
        self.asked.append(name)
        key = name.removesuffix("-dev")
        if key not in self.outputs:
            return None
        outputs = tuple(Output(name, value) for name, value in self.outputs[key].items())
        return Stack("arn:aws:cloudformation:eu-west-1:1:stack/x/1", name, "CREATE_COMPLETE", outputs=outputs)


def environment(*keys: str) -> Environment:
    stacks = tuple(EnvironmentStack(key, f"{key}-dev", "t", {}, 1) for key in keys)
    return Environment("dev", "params/dev.yaml", "eu-west-1", stacks)


def find(
    environment: Environment,
    cloudformation: CloudFormation,
    stack: str | None = None,
    resource: str | None = None,
    *,
    by_resource: tuple[Database, ...] = (),
    over_the_wire: bool = False,
) -> Database:
    finder = DatabaseFinder(
        environment,
        cloudformation,
        lambda stack: [one for one in by_resource if one.stack == stack.name],
        lambda row: row.key in {"i", "foreign"},
    )
    return finder.find(Wanted(stack, resource, over_the_wire))


def test_the_client_of_a_pool_means_the_shared_stack() -> None:
    shared = replace(environment("db", "i"), aliases={"client:acme": "db"})
    assert [row.key for row in selected(shared, ["client:acme"])] == ["db"]
    assert find(shared, cast(CloudFormation, Stacks(db=CLUSTER, i=INSTANCE)), "client:acme").stack == "db-dev"
    with pytest.raises(InputError, match="no stack client:globex"):
        selected(shared, ["client:globex"])


def test_a_copy_that_no_params_file_names_is_found_by_its_full_name() -> None:
    tags = {"aurora-cfn:environment": "dev", "aurora-cfn:copy": "restore", "aurora-cfn:copy-of": "db-dev"}
    outputs = tuple(Output(name, value) for name, value in CLUSTER.items())

    class Copies(Stacks):
        def stack(self, name: str) -> Stack | None:
            return Stack("arn", name, "CREATE_COMPLETE", outputs=outputs, tags=tags) if name == "db-dev-r1" else None

    assert find(environment("db"), cast("CloudFormation", Copies()), "db-dev-r1").stack == "db-dev-r1"
    with pytest.raises(InputError, match="no stack is called db-dev-r2; there are: db"):
        find(environment("db"), cast("CloudFormation", Copies()), "db-dev-r2")


def test_a_branch_is_found_by_its_name_alone() -> None:
    tags = {"aurora-cfn:environment": "dev", "aurora-cfn:copy": "branch", "aurora-cfn:copy-of": "db-dev"}
    outputs = tuple(Output(name, value) for name, value in CLUSTER.items())

    class Copies(Stacks):
        def stack(self, name: str) -> Stack | None:
            known = name == "db-dev-branch-pr-1"
            return Stack("arn", name, "CREATE_COMPLETE", outputs=outputs, tags=tags) if known else None

    there = environment("network", "db")
    assert find(there, cast("CloudFormation", Copies()), "branch:pr-1").stack == "db-dev-branch-pr-1"
    with pytest.raises(InputError, match="dev has no branch pr-2; see: aurora-cfn branch list --env dev"):
        find(there, cast("CloudFormation", Copies()), "branch:pr-2")


def cloudformation(**outputs: dict[str, str]) -> CloudFormation:
    return cast("CloudFormation", Stacks(**outputs))


def test_the_only_database_is_found() -> None:
    found = find(environment("network", "db"), cloudformation(network={"VpcId": "v"}, db=CLUSTER))
    assert (found.stack, found.name, found.cluster_arn, found.secret_arn) == ("db-dev", "temporal", "arn:c", "arn:s")
    assert (found.host, found.port, found.engine) == ("h", 5433, "postgresql")


def test_a_port_means_mysql() -> None:
    found = find(environment("db"), cloudformation(db={**CLUSTER, "DBPort": "3306"}))
    assert found.engine == "mysql"


@pytest.mark.parametrize("wanted", ["b", "b-dev"])
def test_a_stack_is_chosen_by_key_or_name_and_no_other_is_asked(wanted: str) -> None:
    stacks = Stacks(a=CLUSTER, b=CLUSTER)
    assert find(environment("a", "b"), cast("CloudFormation", stacks), wanted).stack == "b-dev"
    assert stacks.asked == ["b-dev"]


def test_an_instance_is_reached_by_wire_only() -> None:
    stacks = cloudformation(a=CLUSTER, i=INSTANCE)
    assert find(environment("a", "i"), stacks).stack == "a-dev"
    assert find(environment("i"), stacks, over_the_wire=True).host == "h2"


@pytest.mark.parametrize(
    ("keys", "wanted", "message"),
    [
        (("a", "b"), None, "2 stacks of dev have a database: a, b; say which: --stack a"),
        (("a",), "x", "params/dev.yaml: no stack is called x; there are: a"),
        (("n",), None, "there is no database in n-dev (CREATE_COMPLETE)"),
        (("gone",), None, "not deployed: gone-dev; deploy first: aurora-cfn deploy --env dev"),
        (
            ("n", "gone"),
            None,
            "there is no database in n-dev (CREATE_COMPLETE); not deployed: gone-dev",
        ),
    ],
)
def test_anything_else_is_one_clear_message(keys: tuple[str, ...], wanted: str | None, message: str) -> None:
    with pytest.raises(InputError) as refused:
        find(environment(*keys), cloudformation(a=CLUSTER, b=CLUSTER, n={"VpcId": "v"}), wanted)
    assert message in str(refused.value)


def test_no_cluster_output_no_data_api() -> None:
    stack = Stacks(i=INSTANCE).stack("i-dev")
    assert stack
    assert data_api_database(stack) is None


ORDERS = Database("foreign-dev", "orders", "arn:s3", "arn:c3", resource="Orders")
STOCK = Database("foreign-dev", "stock", "arn:s4", host="h4", resource="Data.Stock")


def test_a_template_of_any_outputs_has_its_database_by_resource() -> None:
    found = find(environment("foreign"), cloudformation(foreign={"Address": "x"}), by_resource=(ORDERS,))
    assert found == ORDERS


def test_outputs_are_not_asked_when_a_resource_is_named() -> None:
    stacks = cloudformation(foreign=CLUSTER)
    assert find(environment("foreign"), stacks, None, "Data.Stock", by_resource=(ORDERS, STOCK)) == STOCK
    assert find(environment("foreign"), stacks, by_resource=(ORDERS, STOCK)).cluster_arn == "arn:c"


def test_resources_are_not_listed_where_the_template_has_no_database() -> None:
    row = Database("n-dev", "x", "arn:x", resource="X")
    with pytest.raises(InputError, match="there is no database in n-dev"):
        find(environment("n"), cloudformation(n={"VpcId": "v"}), by_resource=(row,))


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (None, "foreign has 2 databases: Orders, Data.Stock; say which: --resource Orders"),
        ("Stock", "no database has the logical id Stock; there are: Orders, Data.Stock"),
    ],
)
def test_several_databases_of_one_stack_must_be_distinguished(resource: str | None, message: str) -> None:
    with pytest.raises(InputError) as refused:
        find(environment("foreign"), cloudformation(foreign={}), None, resource, by_resource=(ORDERS, STOCK))
    assert message in str(refused.value)
