"""References to values, under the same bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aurora_cfn.environment import Sources, load, resolved, shell_complaints, ssm_names
from aurora_cfn.errors import InputError
from aurora_cfn.parameters import Parameter
from tests.environment.toys import TEMPLATES, loaded

TEXT = """\
region: eu-west-1
stacks:
  net:
    template: network
  db:
    template: database
    parameters:
      Name: {env: DB_NAME}
      NetworkStackName: {stack: net}
      High: {ssm: /high}
      Note: {output: net.VpcId}
      Password: {env: DB_PASSWORD}
"""
SOURCES = Sources(
    outputs={"net": {"VpcId": "vpc-1"}}, ssm={"/high": "8"}, variables={"DB_NAME": "movies", "DB_PASSWORD": "hunter2"}
)


def resolve(sources: Sources, text: str = TEXT) -> dict[str, str]:
    environment = loaded(text)
    return resolved(environment.stacks[1], environment, TEMPLATES["database"], sources)


def test_every_reference_becomes_text() -> None:
    assert resolve(SOURCES) == {
        "EnvironmentName": "dev", "Name": "movies", "NetworkStackName": "net-dev",
        "High": "8", "Note": "vpc-1", "Password": "hunter2",
    }  # fmt: skip


LISTED = """\
region: eu-west-1
stacks:
  a: {template: network}
  b: {template: network}
  vpn:
    template: listing
    parameters:
      Optional: [{output: a.VpcId}, sg-1, {output: b.VpcId}]
"""


def test_a_list_of_outputs_becomes_text_between_commas() -> None:
    row = Parameter("Optional", "Groups.", default="", pattern="^$|^[a-z0-9-]+(,[a-z0-9-]+){0,3}$")
    templates = TEMPLATES | {"listing": replace(TEMPLATES["network"], name="listing", parameters=(row,))}
    environment = load(LISTED, "params/dev.yaml", "dev", templates)
    stack = environment.stacks[2]
    assert stack.depends_on() == {"a", "b"}
    outputs = {"a": {"VpcId": "vpc-1"}, "b": {"VpcId": "vpc-2"}}
    assert (
        resolved(stack, environment, templates["listing"], Sources(outputs=outputs))["Optional"] == "vpc-1,sg-1,vpc-2"
    )
    with pytest.raises(InputError, match="the stack b has no output VpcId yet"):
        resolved(stack, environment, templates["listing"], Sources(outputs={"a": {"VpcId": "vpc-1"}}))
    for wrong, words in (
        ("{stack: b}", "in a list only outputs can be referred to"),
        ("{output: b.Nope}", "the template network has no output Nope"),
        ("{output: c.VpcId}", "there is no stack c"),
        ("''", "Optional"),
        ("NOT", "does not fit"),
    ):
        with pytest.raises(InputError, match=words):
            load(LISTED.replace("{output: b.VpcId}", wrong), "params/dev.yaml", "dev", templates)


def test_what_has_to_be_looked_up_is_known_before() -> None:
    stack = loaded(TEXT).stacks[1]
    assert ssm_names(stack) == ("/high",)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(InputError) as caught:
        resolve(Sources())
    assert [(row.line, row.what) for row in caught.value.complaints] == [
        (8, "the variable DB_NAME is not set"),
        (10, "there is no SSM parameter /high"),
        (11, "the stack net has no output VpcId yet"),
        (12, "the variable DB_PASSWORD is not set"),
    ]


@pytest.mark.parametrize(
    ("sources", "line", "what"),
    [
        (Sources(SOURCES.outputs, {"/high": "300"}, SOURCES.variables), 10, "300 is above the maximum 256"),
        (Sources(SOURCES.outputs, SOURCES.ssm, {"DB_NAME": "X1", "DB_PASSWORD": "x"}), 8, "the value does not fit"),
        (Sources(SOURCES.outputs, {"/high": "1"}, SOURCES.variables), 5, "Low 2 is over High 1"),
        (Sources({"net": {"VpcId": "v" * 4097}}, SOURCES.ssm, SOURCES.variables), 11, "4,097 bytes are more than"),
    ],
)
def test_the_bounds_hold_for_what_comes_from_elsewhere(sources: Sources, line: int, what: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve(sources)
    (found,) = caught.value.complaints
    assert found.line == line
    assert what in found.what


def test_a_secret_that_breaks_a_bound_is_not_repeated() -> None:
    with pytest.raises(InputError) as caught:
        resolve(Sources(SOURCES.outputs, SOURCES.ssm, {"DB_NAME": "x", "DB_PASSWORD": "hunter2-and-more"}))
    assert "hunter2" not in str(caught.value)
    assert "16 characters are more than the maximum 8" in str(caught.value)


@pytest.mark.parametrize(
    ("variables", "found"),
    [
        ({"DB_NAME": "movies", "DB_PASSWORD": "x"}, []),
        ({"DB_PASSWORD": "x"}, [(8, "the variable DB_NAME is not set")]),
        ({"DB_NAME": "Movies", "DB_PASSWORD": "x"}, [(8, "the value does not fit: lower-case letters (^[a-z]+$)")]),
        ({}, [(8, "the variable DB_NAME is not set"), (12, "the variable DB_PASSWORD is not set")]),
    ],
)
def test_variables_are_judged_before_anything_is_deployed(
    variables: dict[str, str], found: list[tuple[int, str]]
) -> None:
    environment = loaded(TEXT)
    complaints = shell_complaints(environment.stacks, environment, TEMPLATES, variables)
    assert [(row.line, row.what) for row in complaints] == found
