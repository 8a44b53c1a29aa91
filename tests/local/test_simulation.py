"""Faults, delays and pauses on request."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import ServerRecord, read_record
from aurora_cfn.local.simulation import Simulation
from aurora_cfn.local.wire import call
from tests.local.cloudformation.test_refusals import ssm
from tests.local.conftest import Stacks


@pytest.mark.parametrize(
    "wanted",
    [{"faults": {"destroy:A": "x"}}, {"faults": {"create:": "x"}}, {"delays": {"*": -1}}, {"delays": {"*": "soon"}}],
)
def test_what_is_not_understood_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Simulation().set(wanted)


@pytest.fixture
def record(server: LocalServer, home: Home) -> Iterator[ServerRecord]:
    found = read_record(home.record)
    assert found
    yield found
    call(found, "DELETE", "simulation", keys=keys_of(home))


@pytest.mark.slow
def test_a_fault_rolls_back_and_a_fault_on_the_way_back_sticks(
    stacks: Stacks, record: ServerRecord, home: Home
) -> None:
    def body(value: str, *names: str) -> dict[str, Any]:
        return {"Resources": {name: ssm(value) for name in names}}

    call(record, "POST", "simulation", {"faults": {"create:faulty.B": "the zone is full"}}, keys=keys_of(home))
    stacks.create("faulty", body("1", "A", "B"), "ROLLBACK_COMPLETE")
    assert stacks.reasons("faulty") == ["B: the zone is full"]
    stacks.create("fine", body("1", "A", "B"))
    call(record, "POST", "simulation", {"faults": {"update:fine.B": "no"}}, keys=keys_of(home))
    stacks.update("fine", body("2", "A", "B"), "UPDATE_ROLLBACK_COMPLETE")
    call(record, "POST", "simulation", {"faults": {"delete:fine.B": "not now"}}, keys=keys_of(home))
    stacks.delete("fine", "DELETE_FAILED")
    call(record, "DELETE", "simulation", keys=keys_of(home))
    stacks.delete("fine")


@pytest.mark.slow
def test_a_delay_makes_a_stack_slow_and_leaves_the_server_quick(
    stacks: Stacks, record: ServerRecord, home: Home
) -> None:
    call(record, "POST", "simulation", {"delays": {"AWS::SSM::*": 0.6}}, keys=keys_of(home))
    begin = time.monotonic()
    stacks.cloudformation.create_stack(StackName="slow", TemplateBody=json.dumps({"Resources": {"A": ssm()}}))
    stacks.cloudformation.list_exports()
    assert time.monotonic() - begin < 0.5
    assert stacks.settled("slow")["StackStatus"] == "CREATE_COMPLETE"
    assert time.monotonic() - begin >= 0.6
