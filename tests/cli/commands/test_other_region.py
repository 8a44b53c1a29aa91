"""A deployment that would create stacks, in an environment that had another region before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.cli.project import PARAMS, Project
from tests.project.test_earlier_regions import committed


def test_a_region_that_cannot_be_read_is_a_warning(dev: Project) -> None:
    committed(Path(), "us-east-1")
    dev.write(PARAMS)
    dev.endpoint.heard = _refused_from_the_third(dev)
    ran = dev.deploy("--dry-run")
    assert ran.exit_code == 0, ran.stderr
    assert "Whether db-dev runs there cannot be seen (AccessDenied)" in ran.stderr
    assert "us-east-1" in dev.endpoint.tokens.regions


def test_a_region_without_such_a_stack_says_nothing(dev: Project) -> None:
    assert dev.deploy("--yes").exit_code == 0
    committed(Path(), "us-east-1")
    dev.write(PARAMS)
    # All stacks are here: no other region is asked.
    assert dev.deploy("--yes").exit_code == 0
    assert dev.endpoint.tokens.regions == {"eu-west-1"}


def _refused_from_the_third(dev: Project) -> Callable[[str], None]:
    def heard(action: str) -> None:
        if dev.endpoint.actions.count("DescribeStacks") == 2 and action == "DescribeStacks":
            dev.endpoint.refusals["DescribeStacks"] = [("AccessDenied", "not authorized")]

    return heard
