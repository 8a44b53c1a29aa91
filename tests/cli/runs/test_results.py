"""The messages at the end of a run: with several stacks, AWS's own words get the name of the stack."""

from __future__ import annotations

import pytest

from aurora_cfn.cli.runs.results import exit_code
from aurora_cfn.model.plan import StackResult

REFUSED = "CreateChangeSet: not emulated: A::B::C (ValidationError)"


@pytest.mark.parametrize(
    ("cause", "code", "others", "message"),
    [
        (REFUSED, 4, 1, f"app-dev: {REFUSED}"),
        (REFUSED, 4, 0, REFUSED),
        ("CreateChangeSet: Stack app-dev is busy", 4, 1, "CreateChangeSet: Stack app-dev is busy"),
        ("params/dev.yaml:7: stacks.app: wrong", 3, 1, "params/dev.yaml:7: stacks.app: wrong"),
        ("Writer: no capacity", 5, 1, "Writer: no capacity"),
    ],
)
def test_a_refusal_names_its_stack(
    cause: str, code: int, others: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    failed = StackResult("app", "app-dev", "refused", cause=cause, exit_code=code)
    rest = [StackResult("net", "net-dev", "unchanged")] * others
    assert exit_code([failed, *rest], interrupted=False) == code
    assert capsys.readouterr().err == f"error: {message}\n"
