"""Nested stacks as they are deployed, beside the templates that are uploaded for them."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.deploy.nested_stacks import DeployedNested
from aurora_cfn.model.stack import Stack, StackResource
from aurora_cfn.ports import CloudFormation
from aurora_cfn.project.local_files import Destination, packaged_template
from aurora_cfn.project.packaged_nested import PackagedNested
from aurora_cfn.review.changes import changes
from aurora_cfn.review.deployed import Wanted, sides
from aurora_cfn.review.nested import seen_inside
from tests.fakes.clock import FakeClock
from tests.fakes.cloudformation import FakeCloudFormation

NESTED = "AWS::CloudFormation::Stack"
APP = "Resources:\n  Outer: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: outer.yaml}}\n"
OUTER = APP.replace("Outer", "Data").replace("outer.yaml", "data.yaml")
DATA = "Resources:\n  T: {Type: AWS::DynamoDB::Table, Properties: {TableName: a, BillingMode: PAY_PER_REQUEST}}\n"
FILES = {"app": APP, "outer": OUTER, "data": DATA}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "templates").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        path(name).write_text(text)


def path(name: str) -> Path:
    return Path(f"templates/{name}.yaml")


def wanted() -> Wanted:
    found = packaged_template(path("app"), path("app").read_text(), Destination("app", "b", "https://b/{}".format))
    return Wanted("app", "templates/app.yaml", found.text, {}, {}, nested=PackagedNested(found.artifacts))


@pytest.fixture
def aws() -> FakeCloudFormation:
    """With the stack, what it nests, and what that nests, as in the files."""
    fake = FakeCloudFormation(FakeClock())
    first = wanted()
    assert isinstance(first.nested, PackagedNested)
    texts = {row.path.removeprefix("templates/"): row.data.decode() for row in first.nested.artifacts}
    data = fake.put("app-Outer-1-Data-2", "CREATE_COMPLETE", texts["data.yaml"])
    outer = fake.put("app-Outer-1", "CREATE_COMPLETE", texts["outer.yaml"])
    app = fake.put("app", "CREATE_COMPLETE", first.template)
    fake.put_resource(app, StackResource("Outer", NESTED, "CREATE_COMPLETE", outer.arn))
    fake.put_resource(outer, StackResource("Data", NESTED, "CREATE_COMPLETE", data.arn))
    return fake


def stack(aws: CloudFormation) -> Stack:
    found = aws.stack("app")
    assert found is not None
    return found


def found(aws: CloudFormation) -> dict[str, str]:
    pair = sides(stack(aws), aws.template("app"), wanted(), DeployedNested(aws, "app"))
    rows = changes(pair.before, pair.after)
    return {one.logical_id: one.outcome.word + "!" * one.guarded for one in rows if one.section == "Resources"}


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("data", "TableName: a", "TableName: a", {}),
        ("data", "TableName: a", "TableName: b",
         {"Outer": "in-place", "Outer/Data": "in-place", "Outer/Data/T": "data-loss!"}),
        ("outer", OUTER, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n",
         {"Outer": "in-place", "Outer/Data": "replace", "Outer/Data/T": "data-loss!", "Outer/Q": "in-place"}),
        ("app", APP, "Resources:\n  Q: {Type: AWS::SQS::Queue}\n",
         {"Outer": "replace", "Outer/Data/T": "data-loss!", "Q": "in-place"}),
        ("app", "Outer:", "Other:", {"Other": "replace", "Outer/Data/T": "data-loss!"}),
    ],
)  # fmt: skip
def test_what_changes_in_deployed_nested_stacks(
    aws: FakeCloudFormation, name: str, old: str, new: str, expected: dict[str, str]
) -> None:
    path(name).write_text(path(name).read_text().replace(old, new))
    assert found(aws) == expected


def test_each_nested_stack_is_read_once(aws: FakeCloudFormation) -> None:
    path("data").write_text(DATA.replace("TableName: a", "TableName: b"))
    found(aws)
    # Its own template, and those of the two nested ones.
    assert (aws.count("GetTemplate"), aws.count("ListStackResources")) == (3, 2)


def test_a_nested_stack_that_may_not_be_read_stays_unseen(aws: FakeCloudFormation) -> None:
    path("data").write_text(DATA.replace("TableName: a", "TableName: b"))
    reader = DeployedNested(aws, "app-missing")
    pair = sides(stack(aws), aws.template("app"), wanted(), reader)
    rows = changes(pair.before, pair.after)
    assert [(one.logical_id, one.guarded) for one in rows] == [("Outer", True)]
    assert seen_inside(pair.before, pair.after) == frozenset()


def test_a_file_that_is_not_uploaded_is_not_seen(aws: FakeCloudFormation) -> None:
    path("app").write_text(APP.replace("outer.yaml", "https://elsewhere.s3.amazonaws.com/outer.yaml"))
    assert found(aws) == {"Outer": "interruption!"}


def test_which_nested_stacks_are_seen(aws: FakeCloudFormation) -> None:
    pair = sides(stack(aws), aws.template("app"), wanted(), DeployedNested(aws, "app"))
    assert seen_inside(pair.before, pair.after) == {"Outer"}
