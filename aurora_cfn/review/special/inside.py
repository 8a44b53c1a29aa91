"""Nested stacks: other contents of theirs may replace or remove what keeps data in them, unseen from here."""

from __future__ import annotations

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.review.special.context import Context

NESTED = "AWS::CloudFormation::Stack"
UNSEEN = "the nested stack is updated, and what that replaces or removes in it is not seen from here"
LOOK_INSIDE = "look at a change set of the nested stack's own template, then allow this by name"
_MAKES = frozenset({"TemplateURL", "Parameters"})


def nested_stack(context: Context) -> Effect | None:
    """Another template or other parameters of a nested stack; the guard cannot look inside, so it asks."""
    if context.after.type != NESTED or context.difference.top not in _MAKES:
        return None
    return Effect(Verdict.INTERRUPTION, UNSEEN, way_out=LOOK_INSIDE, guarded=True)
