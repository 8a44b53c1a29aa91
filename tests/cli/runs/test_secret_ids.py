"""Physical ids of the environment's stacks and of nested ones: those made of secrets are masked, others are not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.target import Target, read_target
from aurora_cfn.cli.terminal import messages
from aurora_cfn.model.change_set import ChangeSetRequest
from aurora_cfn.model.stack import NO_ECHO, Output, Stack, StackResource
from tests.cli.project import KEYS, Project

ROOT = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Quiet: {Type: String, NoEcho: true}
  Plain: {Type: String, Default: plain}
Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://b.s3.eu-west-1.amazonaws.com/inner.yaml
      Parameters: {Word: WORD, Plain: !Ref Plain}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Quiet}}
"""
INNER = """\
Parameters:
  Word: {Type: String}
  Plain: {Type: String}
  Default: {Type: String, NoEcho: true, Default: canary-default}
Resources:
  Named: {Type: AWS::SNS::Topic, Properties: {TopicName: !Sub "${Word}-x"}}
  Other: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Plain}}
"""
PARAMS = """\
region: eu-west-1
stacks:
  topics: {template: topics, parameters: {Quiet: {env: QUIET}}}
"""
NESTED = "topics-dev-Inner-1"
TOPIC = "AWS::SNS::Topic"


@pytest.fixture(autouse=True)
def _no_secrets_of_another_test() -> Iterator[None]:
    messages.reset()
    yield
    messages.reset()


def topics(
    dev: Project,
    monkeypatch: pytest.MonkeyPatch,
    word: str = "!Ref Quiet",
    inner: str = INNER,
    given: str = "value",
    own: str = "",
) -> tuple[Target, Stack, Stack]:
    """The environment, its deployed stack, and that stack's nested one, which is deployed with that value of Word."""
    for name, value in {**KEYS, "QUIET": "canary-quiet-now"}.items():
        monkeypatch.setenv(name, value)
    for path in (dev.folder / "templates").iterdir():
        path.unlink()
    text = ROOT.replace("WORD", word)
    (dev.folder / "templates" / "topics.yaml").write_text(own or text)
    dev.write(PARAMS)
    cfn = dev.endpoint.cfn
    root = cfn.put("topics-dev", "UPDATE_COMPLETE", text, parameters={"Quiet": NO_ECHO, "Plain": "plain"})
    values = {"Word": given, "Plain": "plain", "Default": NO_ECHO}
    nested = cfn.put(NESTED, "UPDATE_COMPLETE", inner, parameters=values)
    cfn.put_resource(root, StackResource("Inner", "AWS::CloudFormation::Stack", "CREATE_COMPLETE", nested.arn))
    cfn.put_resource(root, StackResource("Topic", TOPIC, "CREATE_COMPLETE", "arn:aws:sns:x:1:canary-old"))
    cfn.put_resource(nested, StackResource("Named", TOPIC, "CREATE_COMPLETE", "canary-inner-x"))
    cfn.put_resource(nested, StackResource("Other", TOPIC, "CREATE_COMPLETE", "plain-name"))
    return read_target("dev", AwsOptions(endpoint_url=dev.endpoint.url)), root, nested


def outputs(values: dict[str, str]) -> tuple[Output, ...]:
    return tuple(Output(key, value) for key, value in values.items())


def shown(target: Target, stack: Stack) -> list[str]:
    """The physical ids of the stack's resources as they are printed."""
    return [messages.masked(row.physical_id) for row in target.cloudformation.resources(stack.arn)]


MADE: dict[str, tuple[str, str, str, list[str]]] = {
    "the parent gives a secret": ("!Ref Quiet", INNER, "value", ["****", "plain-name"]),
    "the parent gives a name made of a secret": (
        "!GetAtt Topic.TopicName", INNER, "value", ["****", "plain-name"],
    ),
    "a NoEcho parameter of its own": (
        "!Ref Plain", INNER.replace("Word: {Type: String}", "Word: {Type: String, NoEcho: true}"), NO_ECHO,
        ["****", "plain-name"],
    ),
    "no secret": ("!Ref Plain", INNER, "value", ["canary-inner-x", "plain-name"]),
}  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_names_in_a_nested_stack(dev: Project, monkeypatch: pytest.MonkeyPatch, made: str) -> None:
    word, inner, given, ids = MADE[made]
    target, root, nested = topics(dev, monkeypatch, word, inner, given)
    assert shown(target, root) == [nested.arn, "****"]
    assert messages.masked("no topic canary-old") == "no topic ****"
    assert shown(target, nested) == ids
    assert messages.masked("it is canary-default") == "it is ****"


def test_what_a_parent_writes_for_a_no_echo_parameter(dev: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = INNER.replace("Word: {Type: String}", "Word: {Type: String, NoEcho: true}")
    target, root, nested = topics(dev, monkeypatch, "canary-written", inner, NO_ECHO)
    shown(target, root)
    shown(target, nested)
    assert messages.masked("Value canary-written is bad") == "Value **** is bad"


RENAMED = ROOT.replace("WORD", "x").replace("  Topic:", "  Renamed:")


def test_a_resource_that_only_the_deployed_template_has(dev: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    target, root, _ = topics(dev, monkeypatch, own=RENAMED)
    assert shown(target, root)[1] == "****"


@pytest.mark.parametrize(
    ("own", "masked"), [(RENAMED, True), (ROOT.replace("TopicName: !Ref Quiet", "TopicName: !Ref Plain"), False)]
)
def test_a_template_that_may_not_be_read(dev: Project, monkeypatch: pytest.MonkeyPatch, own: str, masked: bool) -> None:
    target, root, _ = topics(dev, monkeypatch, own=own.replace("WORD", "x"))
    dev.endpoint.refusals["GetTemplate"] = [("AccessDenied", "no")] * 3
    assert shown(target, root)[1] == ("****" if masked else "arn:aws:sns:x:1:canary-old")


def test_events_of_a_nested_stack(dev: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    target, root, nested = topics(dev, monkeypatch)
    put_event = dev.endpoint.cfn.put_event
    put_event(root, "Inner", nested.arn, "AWS::CloudFormation::Stack", "UPDATE_IN_PROGRESS")
    put_event(nested, "Named", "canary-inner-y", TOPIC, "UPDATE_FAILED", "canary-inner-y exists")
    target.cloudformation.events(root.arn)
    *_, last = target.cloudformation.events(nested.arn)
    assert messages.masked(f"{last.physical_id}: {last.reason}") == "****: **** exists"
    before = len(dev.endpoint.actions)
    target.cloudformation.events(nested.arn)
    assert dev.endpoint.actions[before:] == ["DescribeStackEvents"], "the template is read once"


OUTPUTS = """\
Outputs:
  Own: {Value: !Ref Quiet}
  Kept: {Value: plain}
  Deep: {Value: !Sub "x-${Inner.Outputs.Given}"}
  Twice: {Value: !GetAtt Inner.Outputs.Default}
  Open: {Value: !GetAtt Inner.Outputs.Plain}
"""
INNER_OUTPUTS = """\
Outputs:
  Given: {Value: !Ref Word}
  Default: {Value: !Join ["", [!Ref Default]]}
  Plain: {Value: !Ref Plain}
"""
VALUES = {name: f"canary-{name.lower()}" for name in ("Own", "Kept", "Deep", "Twice", "Open")}


@pytest.mark.parametrize(
    ("word", "masked", "denied"),
    [
        ("!Ref Plain", {"Own", "Twice"}, False),
        ("!Ref Quiet", {"Own", "Twice", "Deep"}, False),
        # What may not be read may hold any of the nested stack's secrets.
        ("!Ref Plain", {"Own", "Twice", "Deep", "Open"}, True),
    ],
)
def test_outputs_that_show_a_secret_of_a_nested_stack(
    dev: Project, monkeypatch: pytest.MonkeyPatch, word: str, masked: set[str], denied: bool
) -> None:
    own = ROOT.replace("WORD", word) + OUTPUTS
    target, root, _ = topics(dev, monkeypatch, word, INNER + INNER_OUTPUTS, own=own)
    if denied:
        dev.endpoint.refusals["GetTemplate"] = [("AccessDenied", "no")] * 2
    stack = replace(root, outputs=outputs(VALUES))
    found = target.shown_outputs(stack)
    assert {name for name, value in found.items() if value == NO_ECHO} == masked
    assert {name: value for name, value in found.items() if name not in masked} == {
        name: value for name, value in VALUES.items() if name not in masked
    }


def test_nested_stacks_are_not_read_for_outputs_that_show_none_of_theirs(
    dev: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, root, _ = topics(dev, monkeypatch, own=ROOT.replace("WORD", "x") + "Outputs: {Own: {Value: !Ref Quiet}}\n")
    target.shown_outputs(replace(root, outputs=outputs({"Own": "canary-own"})))
    assert dev.endpoint.actions == []


def test_physical_ids_in_a_change_set(dev: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    target, _, _ = topics(dev, monkeypatch)
    given = {"Quiet": "canary-next", "Plain": "p"}
    request = ChangeSetRequest("topics-dev", "one", "UPDATE", ROOT.replace("WORD", "other"), parameters=given)
    created = target.cloudformation.create_change_set(request)
    changes = target.cloudformation.change_set(created.arn).changes
    assert [messages.masked(row.physical_id) for row in changes if row.logical_id == "Topic"] == ["****"]
