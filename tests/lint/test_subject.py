"""A kept result is one of the same program."""

from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.lint.subject import _sources

PACKAGE = Path(__file__).parents[2] / "aurora_cfn"


@pytest.mark.parametrize(
    "name",
    [
        "lint/variant.py",
        "lint/rules/backups.py",
        "template/evaluator.py",
        "template/foreach.py",
        "facts/reserved.json",
        "facts/versions.py",
        "model/window.py",
        "yamltext/merge_keys.py",
    ],
)
def test_a_result_depends_on_everything_that_rules_read(name: str) -> None:
    assert PACKAGE / name in _sources()
