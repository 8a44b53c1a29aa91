from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ministack.core.responses import request_scope
from ministack.services.cloudformation import _stacks, provisioners

from aurora_cfn.local.server.autosave import BATCH, ChangedOnly
from aurora_cfn.local.server.unfinished import Creation, Unfinished, delete_unfinished

CLUSTER, MEMBER = ("AWS::RDS::DBCluster", "c", "C", "s"), ("AWS::RDS::DBInstance", "i", "I", "s")


def names(path: Path) -> list[str]:
    return [row.physical_id for row in Unfinished(path).take()]


def test_what_began_is_on_disk_until_its_end_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "unfinished.json"
    unfinished = Unfinished(path)
    for each in (CLUSTER, MEMBER, CLUSTER):
        unfinished.begin(*each)
    unfinished.ended("s", "I")
    unfinished.ended("other", "C")
    kept = path.read_text()
    assert names(path) == ["c", "i"]  # an instance goes before its cluster, unless the cluster began again
    path.write_text(kept)
    unfinished.saved()
    assert names(path) == ["c", "i"]  # its end was not in what was saved
    path.write_text(kept)
    unfinished.begin_saving()
    unfinished.saved()
    assert names(path) == ["c"]
    assert names(path) == []


def test_a_damaged_file_is_empty(tmp_path: Path) -> None:
    (tmp_path / "f").write_text("{")
    assert Unfinished(tmp_path / "f").take() == []
    assert Creation("1", "r", "s", "C", "k", "c").physical_id == "c"


@pytest.mark.parametrize(
    ("physical_id", "deleted"),
    [
        ("old", []),
        ("new", []),  # it replaced `old`, and was created under the name of its id in place of the logical id
        ("left", ["left"]),
    ],
)
def test_what_no_resource_of_its_stack_is_is_deleted(
    physical_id: str, deleted: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    monkeypatch.setattr(provisioners, "_delete_resource", lambda _kind, name, _properties: found.append(name))
    resources = {"E": {"PhysicalResourceId": "new"}, "C": {"PhysicalResourceId": "old"}}
    with request_scope("111111111111", "eu-west-1"):
        monkeypatch.setitem(_stacks, "s", {"_resources": resources})
    kind = "AWS::RDS::DBProxyEndpoint"
    delete_unfinished([Creation("111111111111", "eu-west-1", "s", "old", kind, physical_id)])
    assert found == deleted


def saver(folder: Path) -> ChangedOnly:
    return ChangedOnly(folder, str, lambda _service: 1)


def payload(folder: Path, service: str) -> Any:
    return json.loads((folder / f"{service}.json").read_text())["payload"]


def test_states_are_saved_together_or_one_by_one_and_the_same_only_once(tmp_path: Path) -> None:
    states = saver(tmp_path)
    with states.together():
        states("rds", {"a": 1})
        assert not (tmp_path / "rds.json").exists()
        states("cloudformation", {"b": 2})
    assert (payload(tmp_path, "rds"), payload(tmp_path, "cloudformation")) == ({"a": 1}, {"b": 2})
    (tmp_path / "rds.json").unlink()
    states("rds", {"a": 1})
    assert not (tmp_path / "rds.json").exists()
    states("rds", {"a": 2})
    assert payload(tmp_path, "rds") == {"a": 2}


def test_a_step_that_was_cut_off_is_finished_at_the_next_start(tmp_path: Path) -> None:
    saver(tmp_path)("rds", {"a": 1})
    texts = {"rds": '{"payload": {"a": 2}}', "cloudformation": '{"payload": {"b": 2}}'}
    (tmp_path / BATCH).write_text(json.dumps(texts))
    saver(tmp_path).complete()
    assert (payload(tmp_path, "rds"), payload(tmp_path, "cloudformation")) == ({"a": 2}, {"b": 2})
    assert not (tmp_path / BATCH).exists()
    (tmp_path / BATCH).write_text('{"half')
    saver(tmp_path).complete()
    assert payload(tmp_path, "rds") == {"a": 2}
