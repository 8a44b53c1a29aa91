"""Which stacks are orphans, and in which order they go."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aurora_cfn.deploy.orphans import entries, orphans
from aurora_cfn.model.database_copy import COPY, COPY_OF
from aurora_cfn.model.ownership import Ownership
from aurora_cfn.model.stack import Stack

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def stack(name: str, owner: Ownership | None = None, status: str = "CREATE_COMPLETE", days: int = 0) -> Stack:
    tags = owner.tags if owner else {"Team": "a"}
    return Stack(f"arn:{name}", name, status, tags=tags, created=NOW + timedelta(days=days))


OURS = Ownership("shop", "dev")
STACKS = (
    stack("db-dev", OURS),
    stack("old-dev", OURS),
    stack("waiting-dev", OURS, "REVIEW_IN_PROGRESS"),
    stack("db-test", Ownership("shop", "test")),
    stack("db-gone", Ownership("shop", "gone")),
    stack("db-billing", Ownership("billing", "dev")),
    stack("by-hand"),
    replace(stack("db-dev-r1"), tags=OURS.tags | {COPY: "restore", COPY_OF: "db-dev"}),
    replace(stack("gone-dev-r1"), tags=OURS.tags | {COPY: "restore", COPY_OF: "gone-dev"}),
)


def test_an_orphan_has_our_tags_and_no_line_in_a_params_file() -> None:
    found = orphans(STACKS, OURS, {"db-dev"}, {"dev", "test"})
    assert [(row.name, row.environment, row.file_exists) for row in found] == [
        ("old-dev", "dev", True),
        # The original of this copy is in no params file either.
        ("gone-dev-r1", "dev", True),
        ("db-gone", "gone", False),
    ]


def test_of_an_environment_without_a_file_each_orphan_is_named_once() -> None:
    assert [row.name for row in orphans(STACKS, OURS, {"db-dev"}, {"test"})] == ["old-dev", "gone-dev-r1", "db-gone"]


def test_newer_stacks_go_first() -> None:
    rows = [stack("b", OURS, days=1), stack("a", OURS, days=2), stack("c", OURS)]
    found = {row.key: row.after for row in entries(orphans(rows, OURS, (), {"dev"}))}
    assert found == {"c": (), "b": ("c",), "a": ("c", "b")}
