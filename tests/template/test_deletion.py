"""Policies that keep a resource are taken out of a template, and nothing else is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.deploy.desired import with_nothing_kept


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("    DeletionPolicy: Snapshot\n", "    DeletionPolicy: Delete\n"),
        ("    UpdateReplacePolicy: Snapshot # why\n", "    UpdateReplacePolicy: Delete # why\n"),
        ("DeletionPolicy: RetainExceptOnCreate\n", "DeletionPolicy: Delete\n"),
        ("DeletionPolicy: 'Retain'\n", "DeletionPolicy: 'Delete'\n"),
        ('  "DeletionPolicy" : "Snapshot",\n', '  "DeletionPolicy" : "Delete",\n'),
        ("    DeletionPolicy: Delete\n", "    DeletionPolicy: Delete\n"),
        ("    DeletionPolicy: !Ref Kept\n", "    DeletionPolicy: !Ref Kept\n"),
        ("    # DeletionPolicy: Snapshot\n", "    # DeletionPolicy: Snapshot\n"),
        ("    Policy: Snapshot\n", "    Policy: Snapshot\n"),
    ],
)
def test_one_line(before: str, after: str) -> None:
    assert with_nothing_kept(before) == after


def test_nothing_of_the_templates_that_have_branches_is_kept() -> None:
    for name in ("aurora-serverless-postgres", "aurora-serverless-mysql"):
        text = with_nothing_kept(Path(f"templates/{name}.yaml").read_text())
        assert "Policy: Snapshot" not in text
        assert text.count("DeletionPolicy: Delete") >= 4
