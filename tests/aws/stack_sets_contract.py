"""What every side of the port of StackSets answers."""

from __future__ import annotations

from uuid import uuid4

import pytest

from aurora_cfn.errors import AwsError
from aurora_cfn.fleet.set_operation import follow
from aurora_cfn.model.stack_set import (
    InstancesRequest,
    Preferences,
    SetDefinition,
    SetOperation,
    StackInstance,
    Targets,
)
from aurora_cfn.ports import Clock
from aurora_cfn.ports.stack_operations import StackSets

TEMPLATE = """\
Parameters: {Note: {Type: String}}
Resources:
  Topic: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Note}}
"""
REGIONS = ("eu-central-1", "eu-west-1")
ACCOUNTS = ("111111111111", "222222222222")
HASTE = Preferences(concurrency="2", region_order=REGIONS)


def keep_stack_sets(port: StackSets, clock: Clock, name: str = "fleet") -> None:
    """A StackSet with two accounts in two regions, from its creation to its end."""
    wanted = SetDefinition(name, TEMPLATE, {"Note": "all"}, {"Project": "x"})
    _keep_set(port, wanted)
    made = _request(name, {"Note": "own"})
    port.create_instances(made)
    port.create_instances(made)  # the same operation: an answer that was lost
    assert _ended(port, name, made.id, clock) == ("CREATE", "SUCCEEDED")
    rows = port.stack_instances(name)
    assert sorted(row.place for row in rows) == sorted((one, region) for one in ACCOUNTS for region in REGIONS)
    assert {row.overrides for row in rows} == {None}
    one = _one(port, name)
    assert (one.status, one.overrides, one.operation) == ("CURRENT", {"Note": "own"}, made.id)
    assert one.stack_id.startswith(f"arn:aws:cloudformation:{REGIONS[1]}:{ACCOUNTS[0]}:stack/StackSet-")

    # The update of the StackSet keeps overrides; that of instances drops those that are not listed.
    identifier = str(uuid4())
    port.update_set(SetDefinition(name, TEMPLATE, {"Note": "new"}), HASTE, identifier=identifier)
    assert _ended(port, name, identifier, clock) == ("UPDATE", "SUCCEEDED")
    assert _one(port, name).overrides == {"Note": "own"}
    dropped = _request(name, {})
    port.update_instances(dropped)
    assert _ended(port, name, dropped.id, clock) == ("UPDATE", "SUCCEEDED")
    assert _one(port, name).overrides == {}
    with pytest.raises(AwsError, match="StackSetNotEmpty"):
        port.delete_set(name)
    with pytest.raises(AwsError):
        port.stop_operation(name, dropped.id)

    gone = _request(name, None)
    port.delete_instances(gone, retain=False)
    assert _ended(port, name, gone.id, clock) == ("DELETE", "SUCCEEDED")
    assert [row.action for row in port.operations(name)] == ["DELETE", "UPDATE", "UPDATE", "CREATE"]
    port.delete_set(name)
    assert port.stack_set(name) is None


def _keep_set(port: StackSets, wanted: SetDefinition) -> None:
    assert port.stack_set(wanted.name) is None
    port.create_set(wanted, token="a")
    port.create_set(wanted, token="a")
    with pytest.raises(AwsError):
        port.create_set(wanted, token="b")
    found = port.stack_set(wanted.name)
    assert found is not None
    assert (found.parameters, found.tags, found.managed) == ({"Note": "all"}, {"Project": "x"}, True)
    assert found.template.strip() == TEMPLATE.strip()
    assert list(port.stack_instances(wanted.name)) == []
    assert port.operation(wanted.name, str(uuid4())) is None


def _request(name: str, overrides: dict[str, str] | None) -> InstancesRequest:
    return InstancesRequest(name, str(uuid4()), Targets(ACCOUNTS), REGIONS, HASTE, overrides)


def _ended(port: StackSets, name: str, identifier: str, clock: Clock) -> tuple[str, str]:
    operation, results = follow(port, name, identifier, clock, lambda _: None, lambda: False)
    assert isinstance(operation, SetOperation)
    assert {row.status for row in results} == {"SUCCEEDED"}
    return operation.action, operation.status


def _one(port: StackSets, name: str) -> StackInstance:
    return port.stack_instance(name, ACCOUNTS[0], REGIONS[1])
