"""A plan file: the change sets, what they were made from, and the state of the stacks at that time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aurora_cfn.model.value import Value

FORMAT = 1
"""The newest format that this version writes and reads."""


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """One stack; `change_set` is empty if only termination protection is switched.

    `parameters` has texts, and references (mappings) in place of values that may be secret. `updated` and `event` (the
    newest) are of the stack before it was planned. `verdicts` counts changes by outcome. `policy` and `opened` as in
    StackPlan.
    """

    key: str
    name: str
    arn: str
    creates: bool
    made_stack: bool
    change_set: str
    template: str
    template_sha256: str
    parameters: Mapping[str, Value]
    tags: Mapping[str, str]
    settings: Mapping[str, Value]
    status: str
    updated: str
    event: str | None
    verdicts: Mapping[str, int]
    notes: tuple[str, ...] = ()
    policy: str = ""
    opened: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanFile:
    """The whole file; `deferred` has the stacks that cannot be planned yet, with the reason.

    `created` is UTC; `git_commit` is empty outside of a repository; `allow` and `tried` are the values
    of `--allow-replace` and `--try-anyway`. `endpoint` is `AWS`, `local`, or a URL; empty in plans of older versions.
    """

    environment: str
    region: str
    account: str
    git_commit: str
    dirty: bool
    created: str
    allow: tuple[str, ...]
    stacks: tuple[PlannedStack, ...]
    deferred: Mapping[str, str]
    tried: tuple[str, ...] = ()
    endpoint: str = ""
