"""The resources of the calls of StackSets, in a policy (service authorization reference of CloudFormation, 2026-11)."""

from __future__ import annotations

from typing import Final

from aurora_cfn.iam.document import Condition
from aurora_cfn.iam.scope import Scope

_TAGGED: Final = frozenset({"cloudformation:TagResource", "cloudformation:UntagResource"})
_WITH_TARGETS: Final = frozenset(
    f"cloudformation:{name}"
    for name in ("CreateStackInstances", "DeleteStackInstances", "UpdateStackInstances", "UpdateStackSet")
)
"""They also act on the targets, and on the resource types that the template has."""


def stack_set_resources(action: str, scope: Scope) -> tuple[tuple[str, ...], Condition | None] | None:
    """The ARNs of the action and their condition; None for an action that is not of StackSets."""
    if action == "cloudformation:CreateStackSet":
        # It has no resource types, so that the tags of the new StackSet are all that limits it.
        tags = {f"aws:RequestTag/{key}": text for key, text in scope.owner.items()} if scope.stack_set else {}
        return ("*",), {"StringEquals": tags} if tags else None
    if not (action in _TAGGED or "StackSet" in action or "StackInstance" in action):
        return None
    begin, account = f"arn:{scope.partition}:cloudformation", scope.set_account or scope.account
    name = f"{scope.stack_set}:*" if scope.stack_set else "*"
    found = [f"{begin}:{scope.region}:{account}:stackset/{name}"]
    if action in _WITH_TARGETS:
        # A target is in any region, and a public resource type is in no account (as AWS's own policies for Quick Setup
        # have them, read 2026-11).
        found.append(f"{begin}:*:{account}:stackset-target/{name}")
        found.append(f"{begin}:{scope.region}:*:type/resource/*")
    return tuple(found), None
