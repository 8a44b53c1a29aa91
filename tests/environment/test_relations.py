"""References between stacks, judged offline."""

from __future__ import annotations

import pytest

from tests.environment.toys import GOOD, complaints, loaded


def environment(*references: str) -> str:
    """A database `db` and a network `net`; the references stand from line 9 on."""
    rows = "".join(f"      {line}\n" for line in references)
    return (
        "region: eu-west-1\nstacks:\n  net:\n    template: network\n  db:\n    template: database\n    parameters:\n"
        f"      Name: x\n{rows}"
    )


@pytest.mark.parametrize(
    ("reference", "key", "what", "hint"),
    [
        ("Note: {stack: nett}", "Note", "there is no stack nett in this file", "did you mean net?"),
        ("Note: {stack: zzz}", "Note", "there is no stack zzz in this file", "known: net, db"),
        ("Note: {output: zzz.VpcId}", "Note", "there is no stack zzz", ""),
        ("Note: {output: net.VpcID}", "Note", "the template network has no output VpcID", "did you mean VpcId?"),
        ("Note: {output: net.Zone}", "Note", "has no output Zone", "known: VpcId, SubnetIds"),
        (
            "High: {stack: net}",
            "High",
            "wrong kind of reference: with the stack's name the value is not a number",
            "{output: stack.Output}",
        ),
        ("Pause: {stack: net}", "Pause", "the value is not one of true or false", "{output: stack.Output}"),
    ],
)
def test_a_reference_to_nothing_is_found(reference: str, key: str, what: str, hint: str) -> None:
    (found,) = complaints(environment(reference))
    assert (found.line, found.key) == (9, f"stacks.db.parameters.{key}")
    assert what in found.what
    assert hint in found.hint


def test_a_stack_that_does_not_export_what_is_imported_is_the_wrong_one() -> None:
    text = environment("NetworkStackName: {stack: other}") + "  other: {template: database, parameters: {Name: x}}\n"
    (found,) = complaints(text)
    assert (found.line, found.key) == (9, "stacks.db.parameters.NetworkStackName")
    assert found.what == "database imports VpcId, but the template database exports no such"


@pytest.mark.parametrize(
    ("key", "named", "problem"),
    [
        ("n" * 100, "", ""),
        ("n" * 100, "e" * 27, ""),
        ("n" * 100, "e" * 28, "has 129 characters, and CloudFormation takes 128"),
        ("n" * 97, "e" * 31, "has 129 characters"),
    ],
)
def test_the_name_of_a_stack_has_no_more_characters_than_cloudformation_takes(
    key: str, named: str, problem: str
) -> None:
    text = f"region: eu-west-1\nstacks:\n  {key}: {{template: network}}\n"
    if not problem:
        assert loaded(text, named or "dev").stacks[0].name == f"{key}-{named or 'dev'}"
        return
    (found,) = complaints(text, named)
    assert (problem in found.what, found.line, found.hint) == (True, 3, "set a shorter `name`")
    short = text.replace("template", "name: short, template")
    assert loaded(short, named).stacks[0].name == "short"


@pytest.mark.parametrize(("own", "problem"), [(20, ""), (21, "49 tags with those of the environment are more than")])
def test_tags_of_the_environment_and_of_a_stack_count_together(own: int, problem: str) -> None:
    def tags(start: str, count: int) -> str:
        return "{" + ", ".join(f"{start}{number}: x" for number in range(count)) + "}"

    text = f"region: eu-west-1\ntags: {tags('a', 28)}\nstacks:\n  net: {{template: network, tags: {tags('b', own)}}}\n"
    found = complaints(text) if problem else []
    assert [(row.line, problem in row.what) for row in found] == ([(4, True)] if problem else [])
    assert problem or len(loaded(text).stacks[0].tags) == 28 + own


def test_good_references_pass() -> None:
    text = environment("Note: {output: net.VpcId}", "NetworkStackName: {stack: net}", "High: {output: net.SubnetIds}")
    assert loaded(text).stacks[1].depends_on() == {"net"}


def test_a_stack_whose_template_is_wrong_is_still_known_by_name() -> None:
    found = complaints(environment("Note: {output: net.VpcId}").replace("template: network", "template: netwrk"))
    assert [row.key for row in found] == ["stacks.net.template"]


def test_an_explicit_order_counts_and_is_checked() -> None:
    text = GOOD + "    depends_on: [network]\n"
    assert loaded(text.replace("      NetworkStackName: {stack: network}\n", "")).stacks[1].depends_on() == {"network"}
    (found,) = complaints(GOOD + "    depends_on: [netwok]\n")
    assert (found.line, found.key, found.hint) == (10, "stacks.db.depends_on", "did you mean network?")


def test_a_cycle_is_shown_whole_at_its_first_reference() -> None:
    text = """\
region: eu-west-1
stacks:
  a:
    template: database
    parameters:
      Name: x
      Note: {output: b.Endpoint}
  b:
    template: database
    depends_on: [c]
    parameters: {Name: x}
  c:
    template: database
    parameters: {Name: x, Note: {stack: a}}
  self:
    template: database
    parameters: {Name: x, Note: {stack: self}}
"""
    found = complaints(text)
    assert [(row.line, row.key, row.what) for row in found] == [
        (7, "stacks.a", "stacks depend on one another: a -> b -> c -> a"),
        (17, "stacks.self", "stacks depend on one another: self -> self"),
    ]


def test_two_stacks_of_one_name_are_refused() -> None:
    text = GOOD + "  other:\n    template: network\n    name: network-dev\n"
    (found,) = complaints(text)
    assert (found.line, found.what) == (10, "the stack name network-dev is already used by network in line 3")


def test_a_check_waits_for_values_that_come_later() -> None:
    assert complaints(environment("High: {ssm: /high}", "Low: 200")) == ()


@pytest.mark.parametrize("zones", ["1", "2"])
def test_a_check_may_look_at_a_parameter_of_the_stack_that_is_referred_to(zones: str) -> None:
    text = environment("Note: x", "NetworkStackName: {stack: net}").replace(
        "template: network\n", f"template: network\n    parameters: {{Zones: {zones}}}\n"
    )
    found = [(row.line, row.key, row.what) for row in complaints(text)]
    assert found == ([(11, "stacks.db.parameters", "one zone is too few for a database")] if zones == "1" else [])
