"""Which keys of a params file are other keys under new names."""

from __future__ import annotations

from collections.abc import Callable

from aurora_cfn.project.review.revision import EnvironmentSide
from aurora_cfn.review.renamed import alike


def renamed_keys(left: EnvironmentSide, right: EnvironmentSide) -> dict[str, str]:
    """New key to old key: the same name in AWS, else the same template or most of its resources; each key once."""
    gone = [row.key for row in left.environment.stacks if right.environment.stack(row.key) is None]
    found: dict[str, str] = {}
    tests: tuple[Callable[[str, str], bool], ...] = (
        lambda old, new: left.stack(old).name == right.stack(new).name,
        lambda old, new: left.stack(old).template == right.stack(new).template,
        lambda old, new: alike(left.side(old), right.side(new)),
    )
    for test in tests:
        for row in right.environment.stacks:
            key = row.key
            if left.environment.stack(key) is not None or key in found:
                continue
            former = next((old for old in gone if old not in found.values() and test(old, key)), None)
            if former:
                found[key] = former
    return found
