from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from cases import Cases, refused, same
from tools import bucket, run

cases = Cases()
HERE = Path(tempfile.mkdtemp())
(HERE / "config").mkdir()
(HERE / "templates").mkdir()
(HERE / "config" / "config.yaml").write_text(f"project_code: sceptre\nregion: {os.environ['AWS_REGION']}\n")
(HERE / "config" / "one.yaml").write_text("template: {path: one.json, type: file}\n")
(HERE / "config" / "two.yaml").write_text(
    "template: {path: two.json, type: file}\nparameters:\n  Name: !stack_output one.yaml::Name\nstack_tags: {a: b}\n"
)
(HERE / "templates" / "one.json").write_text(json.dumps(bucket("sceptre-one")))
TWO = {
    "Parameters": {"Name": {"Type": "String"}},
    "Resources": {"P": {"Type": "AWS::SSM::Parameter", "Properties": {"Type": "String", "Value": {"Ref": "Name"}}}},
}
(HERE / "templates" / "two.json").write_text(json.dumps(TWO))


def sceptre(*words: str) -> str:
    return run("sceptre", "--output", "json", *words, folder=HERE)


cases.add("stacks", "validate", lambda: sceptre("validate", "one.yaml"))
cases.add("stacks", "launch in the order of references", lambda: sceptre("launch", "-y", "two.yaml"))
cases.add("stacks", "launch again without changes", lambda: sceptre("launch", "-y", "two.yaml"))
cases.add("stacks", "status", lambda: same("CREATE_COMPLETE" in sceptre("status", "one.yaml"), True))
cases.add("stacks", "list outputs", lambda: same("sceptre-one" in sceptre("list", "outputs", "one.yaml"), True))


@cases.case("stacks", "update shows and applies a change")
def update() -> None:
    TWO["Resources"]["P"]["Properties"]["Description"] = "changed"
    (HERE / "templates" / "two.json").write_text(json.dumps(TWO))
    sceptre("update", "-y", "two.yaml")
    assert "UPDATE_COMPLETE" in sceptre("status", "two.yaml")


@cases.case("stacks", "a change set")
def change_set() -> None:
    TWO["Resources"]["P"]["Properties"]["Description"] = "again"
    (HERE / "templates" / "two.json").write_text(json.dumps(TWO))
    sceptre("create", "-y", "two.yaml", "change")
    sceptre("describe", "change-set", "two.yaml", "change")
    sceptre("execute", "-y", "two.yaml", "change")


cases.add("stacks", "diff", lambda: sceptre("diff", "--type", "difflib", "two.yaml"))


@cases.case("stacks", "drift")
def drift() -> None:
    assert "IN_SYNC" in sceptre("drift", "detect", "two.yaml")


cases.add("stacks", "delete", lambda: sceptre("delete", "-y", "one.yaml"))


@cases.case("errors", "a stack that is not there")
def missing() -> None:
    with refused("does not exist"):
        sceptre("list", "outputs", "two.yaml")


cases.run()
