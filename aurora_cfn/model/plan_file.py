"""A plan that waits in a file: which change sets, made from what, and what they were made against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aurora_cfn.model.value import Value

FORMAT = 1
"""The newest format that this version writes and reads."""


@dataclass(frozen=True, slots=True)
class PlannedStack:
    """One stack: its change set's ARN is empty where only termination protection is switched.

    `parameters` has text, or a mapping that says where a value comes from which may be a secret. `updated` and `event`
    (its newest) are of the stack before it was planned. `verdicts` counts changes by the word of their verdict.
    `policy` says how the stack policy changes, `opened` for what it is opened while the change set is executed.
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
    """All of it; `deferred` names the stacks that could not be planned yet, each with the reason.

    `created` is UTC; `git_commit` is empty outside of a repository; `allow` is what the command line allowed by name.
    """

    environment: str
    region: str
    account: str
    git_commit: str
    dirty: bool
    created: str
    tool: str
    allow: tuple[str, ...]
    stacks: tuple[PlannedStack, ...]
    deferred: Mapping[str, str]
