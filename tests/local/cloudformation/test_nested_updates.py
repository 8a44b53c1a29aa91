"""A nested stack is updated with its parent, and what does not change in it keeps its attributes."""

from __future__ import annotations

import json

import pytest

from tests.local.conftest import Stacks

CHILD = {
    "Parameters": {"Text": {"Type": "String"}},
    "Resources": {
        "Kept": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "kept-in-child"}},
        "Changed": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Text"}}},
    },
    "Outputs": {
        "Arn": {"Value": {"Fn::GetAtt": ["Kept", "Arn"]}},
        "Text": {"Value": {"Fn::GetAtt": ["Changed", "Value"]}},
    },
}


def parent(text: str, host: str) -> dict[str, object]:
    properties = {"TemplateURL": f"https://{host}child.json", "Parameters": {"Text": text}}
    row = {"Type": "AWS::CloudFormation::Stack", "Properties": properties}
    outputs = {name: {"Value": {"Fn::GetAtt": ["Child", f"Outputs.{name}"]}} for name in ("Arn", "Text")}
    return {"Resources": {"Child": row}, "Outputs": outputs}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stack", "host"),
    [("nests-path", "s3.eu-west-1.amazonaws.com/nests-a/"), ("nests-host", "nests-a.s3.eu-west-1.amazonaws.com/")],
)
def test_outputs_after_an_update(stacks: Stacks, stack: str, host: str) -> None:
    s3 = stacks.client("s3")
    s3.create_bucket(Bucket="nests-a", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_object(Bucket="nests-a", Key="child.json", Body=json.dumps(CHILD).encode())

    def outputs() -> dict[str, str]:
        rows = stacks.cloudformation.describe_stacks(StackName=stack)["Stacks"][0]["Outputs"]
        return {row["OutputKey"]: row["OutputValue"] for row in rows}

    stacks.create(stack, parent("one", host))
    before = outputs()
    stacks.update(stack, parent("two", host))
    assert outputs() == before | {"Text": "two"}
    found = stacks.cloudformation.describe_stacks()["Stacks"]
    (top,) = [row["StackId"] for row in found if row["StackName"] == stack]
    (child,) = [row for row in found if row["StackName"].startswith(f"{stack}-Child-")]
    # Without these it would be taken for a stack that no params file has any more.
    assert (child.get("ParentId"), child.get("RootId")) == (top, top)
    stacks.delete(stack)
    s3.delete_object(Bucket="nests-a", Key="child.json")
    s3.delete_bucket(Bucket="nests-a")
