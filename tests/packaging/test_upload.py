"""Where the code of an environment belongs, and that it travels once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.packaging import place, placements
from aurora_cfn.packaging.upload import LOCAL_BUCKET

KNOWN = {blueprint.name: blueprint for blueprint in BLUEPRINTS}


class Bucket:
    """The port Objects in a dictionary."""

    def __init__(self) -> None:
        self.objects: dict[tuple[str, str], bytes] = {}
        self.made: list[str] = []
        self.owners: list[str | None] = []

    def exists(self, bucket: str, key: str, *, owner: str | None = None) -> bool:
        self.owners.append(owner)
        return (bucket, key) in self.objects

    def put(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> None:
        self.owners.append(owner)
        self.objects[bucket, key] = data

    def make_bucket(self, bucket: str) -> None:
        self.made.append(bucket)


def stack(template: str, line: int = 5, parameters: Mapping[str, str] | None = None) -> EnvironmentStack:
    return EnvironmentStack(template, f"{template}-dev", template, dict(parameters or {}), line)


def environment(*stacks: EnvironmentStack) -> Environment:
    return Environment("dev", "params/dev.yaml", "eu-west-1", stacks, bucket="code")


def test_stacks_with_functions_get_both_parameters_and_others_nothing() -> None:
    where = environment(stack("dsql"), stack("dsql-api"))
    found = placements(where, where.stacks, KNOWN)
    assert set(found) == {"dsql-api"}
    parameters = found["dsql-api"].parameters
    assert parameters["CodeBucket"] == "code"
    assert parameters["CodeKey"].startswith("aurora-cfn/dsql-api/")
    for name, value in parameters.items():
        row = KNOWN["dsql-api"].parameter(name)
        assert row is not None
        assert row.problem(value) is None


def test_without_a_bucket_every_stack_that_needs_one_is_told_with_its_line() -> None:
    where = replace(environment(stack("dsql-api", 5), stack("http-api", 9), stack("dsql", 12)), bucket=None)
    with pytest.raises(InputError) as caught:
        placements(where, where.stacks, KNOWN)
    assert [(row.line, row.key) for row in caught.value.complaints] == [(5, "stacks.dsql-api"), (9, "stacks.http-api")]
    assert "bucket: NAME" in str(caught.value)


def test_without_functions_no_bucket_is_missed() -> None:
    where = replace(environment(stack("dsql")), bucket=None)
    assert placements(where, where.stacks, KNOWN) == {}


def test_the_emulator_has_a_bucket_of_its_own() -> None:
    where = replace(environment(stack("dsql-api")), bucket=None, endpoint="local")
    assert placements(where, where.stacks, KNOWN)["dsql-api"].bucket == LOCAL_BUCKET


def test_who_names_the_code_is_left_alone() -> None:
    where = environment(stack("dsql-api", parameters={"CodeKey": "mine.zip"}))
    assert placements(where, where.stacks, KNOWN) == {}


def test_code_is_uploaded_once_to_a_bucket_of_the_right_owner() -> None:
    where, bucket = environment(stack("dsql-api")), Bucket()
    placement = placements(where, where.stacks, KNOWN)["dsql-api"]
    assert place(placement, bucket, owner="123456789012") is True
    assert place(placement, bucket, owner="123456789012") is False
    assert bucket.objects == {("code", placement.package.key): placement.package.data}
    assert set(bucket.owners) == {"123456789012"}
    assert bucket.made == []


def test_a_bucket_is_made_only_when_asked_for() -> None:
    where, bucket = environment(stack("dsql-api")), Bucket()
    place(placements(where, where.stacks, KNOWN)["dsql-api"], bucket, owner=None, make_bucket=True)
    assert bucket.made == ["code"]
