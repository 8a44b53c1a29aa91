from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.local.schedules import _calling


@pytest.mark.parametrize(
    ("target", "called", "passed_on"),
    [
        ({"Arn": "arn:aws:scheduler:::aws-sdk:rds:stopDBCluster", "Input": '{"DbClusterIdentifier": "c"}'},
         [("arn:aws:states:::aws-sdk:rds:stopDBCluster", {"DbClusterIdentifier": "c"})], 0),
        ({"Arn": "arn:aws:scheduler:::aws-sdk:rds:startDBCluster"},
         [("arn:aws:states:::aws-sdk:rds:startDBCluster", {})], 0),
        ({"Arn": "arn:aws:lambda:eu-west-1:1:function:f"}, [], 1),
        ({}, [], 1),
    ],
)  # fmt: skip
def test_a_target_that_is_an_api_is_called_and_any_other_is_ministack_s(
    target: dict[str, Any], called: list[Any], passed_on: int
) -> None:
    calls: list[Any] = []
    others: list[Any] = []
    call, inner = (lambda *given: calls.append(given)), (lambda *given: others.append(given))
    _calling(call, inner, target, {"event": 1}, {"rule": 2})
    assert (calls, len(others)) == (called, passed_on)
