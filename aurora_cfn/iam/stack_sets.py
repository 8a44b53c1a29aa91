"""The resources of the calls of StackSets, in a policy (service authorization reference of CloudFormation, 2026-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aurora_cfn.iam.scope import Scope

_TAGGED: Final = frozenset({"cloudformation:TagResource", "cloudformation:UntagResource"})
_WITH_TARGETS: Final = frozenset(
    f"cloudformation:{name}"
    for name in ("CreateStackInstances", "DeleteStackInstances", "UpdateStackInstances", "UpdateStackSet")
)
"""They also act on the targets, and on the resource types that the template has."""


def stack_set_resources(action: str, scope: Scope) -> tuple[tuple[str, ...], None] | None:
    """The ARNs of the action, without a condition; None for an action that is not of StackSets."""
    if action == "cloudformation:CreateStackSet":
        # It has no resource types.
        return ("*",), None
    if not (action in _TAGGED or "StackSet" in action or "StackInstance" in action):
        return None
    kinds = ("stackset/*", *(("stackset-target/*", "type/resource/*") if action in _WITH_TARGETS else ()))
    return tuple(scope.arn("cloudformation", kind) for kind in kinds), None
