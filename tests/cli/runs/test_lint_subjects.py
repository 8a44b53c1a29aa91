from __future__ import annotations

from aurora_cfn.cli.runs.lint_subjects import stack_subject
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.fleet_client import CLIENT

VALUES = {"ClientName": "acme", "ClusterName": "shop-acme", "MaxCapacity": "4"}


def subject_values(client: str, **changed: str) -> dict[str, str | None]:
    tags = {CLIENT: client} if client else {}
    stack = EnvironmentStack("db", "shop-acme", "cluster", {**VALUES, **changed}, 1, tags=tags)
    environment = Environment("dev", "params/dev.yaml", "eu-west-1", (stack,))
    return dict(stack_subject(stack, environment, "templates/cluster.yaml", "Resources: {}").parameters)


def test_clients_with_the_same_values_but_for_their_names_are_one_subject() -> None:
    acme = subject_values("acme")
    assert acme == {"ClientName": None, "ClusterName": None, "MaxCapacity": "4"}
    assert subject_values("globex", ClientName="globex", ClusterName="shop-globex") == acme
    assert subject_values("acme", MaxCapacity="8") != acme


def test_a_stack_that_is_no_client_keeps_its_names() -> None:
    assert subject_values("") == VALUES
