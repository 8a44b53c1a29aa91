"""A plan file as JSON and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from types import NoneType
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import EnvRef, SsmRef
from aurora_cfn.model.plan import DesiredStack, StackPlan
from aurora_cfn.model.plan_file import FORMAT, PlanFile, PlannedStack
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.value import Value

AGAIN = "plan again"
SHAPES: Mapping[str, type | tuple[type, ...]] = {
    "str | None": (str, NoneType),
    "str": str,
    "bool": bool,
    "tuple": list,
    "Mapping": dict,
}
"""What JSON has for a field, by how its type begins."""


def planned_stack(plan: StackPlan, review: StackReview | None) -> PlannedStack:
    """What the file keeps of a plan; no value that may be a secret is among it."""
    desired, before, change_set = plan.desired, plan.before, plan.change_set
    stack_arn = change_set.stack_arn if change_set else before.arn if before else ""
    return PlannedStack(
        key=desired.key,
        name=desired.name,
        arn=stack_arn,
        creates=plan.creates,
        made_stack=plan.made_stack,
        change_set=change_set.arn if change_set else "",
        template=desired.entry.template,
        template_sha256=sha256(desired.template),
        parameters=shown_parameters(plan),
        tags=dict(desired.tags),
        settings=settings(desired),
        status=before.status if before else "",
        updated=moment(before),
        event=plan.since,
        verdicts=_verdicts(plan, review.changes if review else ()),
        notes=plan.notes,
        policy=plan.policy,
        opened=plan.opened,
    )


def shown_parameters(plan: StackPlan) -> dict[str, Value]:
    """Values, or where they come from when they may be a secret."""
    return {name: _origin(plan, name) if plan.hides(name) else value for name, value in plan.parameters.items()}


def settings(desired: DesiredStack) -> dict[str, Value]:
    """What goes with a stack beside template, parameters and tags."""
    return {
        "termination_protection": desired.protect,
        "role_arn": desired.role_arn,
        "notification_arns": list(desired.notification_arns),
        "capabilities": list(desired.capabilities),
    }


def moment(stack: Stack | None) -> str:
    """When a stack that exists was last changed, UTC in ISO 8601; empty where AWS does not tell."""
    at = (stack.updated or stack.created) if stack else None
    return at.isoformat() if at else ""


def sha256(text: str) -> str:
    """Hexadecimal digest of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def plan_json(plan: PlanFile) -> str:
    """The file's text, with a digest over all the rest."""
    told = {"format": FORMAT, **asdict(plan)}
    return json.dumps({**told, "digest": _digest(told)}, indent=2, ensure_ascii=False) + "\n"


def read_plan(text: str, path: str) -> PlanFile:
    """The plan in the text. Raises InputError when it is none, is damaged or comes from a newer version."""
    told = _document(text, path)
    newest = told["format"]
    if isinstance(newest, int) and newest > FORMAT:
        what = f"{path}: plan format {newest} is newer than this version reads ({FORMAT})"
        raise InputError(f"{what}: apply it with the version that wrote it")
    digest = told.pop("digest", "")
    if newest != FORMAT or digest != _digest(told):
        raise InputError(f"{path}: the plan is damaged or was edited: {AGAIN}")
    del told["format"]
    told.pop("tool", None)  # plans of version 0.1 name the version that wrote them
    try:
        _check_shape(PlanFile, told)
        stacks = tuple(_planned(row) for row in told["stacks"])
        return PlanFile(**{**told, "stacks": stacks, "allow": tuple(told["allow"])})
    except (KeyError, TypeError):
        raise InputError(f"{path}: the plan is damaged or was edited: {AGAIN}") from None


def _check_shape(kind: type[PlanFile | PlannedStack], told: Mapping[str, Any]) -> None:
    """Raise TypeError where a value is not what its field takes: whoever edits the file can mend its digest too."""
    for field in fields(kind):
        wanted = next(shape for start, shape in SHAPES.items() if str(field.type).startswith(start))
        if field.name in told and not isinstance(told[field.name], wanted):
            raise TypeError(field.name)


def _planned(row: Mapping[str, Any]) -> PlannedStack:
    _check_shape(PlannedStack, row)
    return PlannedStack(**{**row, "notes": tuple(row["notes"]), "opened": tuple(row.get("opened", ()))})


def _document(text: str, path: str) -> dict[str, Any]:
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not a plan, or cut off: {AGAIN} with `aurora-cfn deploy --plan`") from None
    if not isinstance(told, dict) or "format" not in told:
        raise InputError(f"{path}: not a plan: `aurora-cfn deploy --plan` writes one")
    return told


def _digest(told: Mapping[str, Any]) -> str:
    return f"sha256:{sha256(json.dumps(told, sort_keys=True, separators=(',', ':')))}"


def _origin(plan: StackPlan, name: str) -> Value:
    given = plan.desired.entry.parameters.get(name)
    if isinstance(given, SsmRef):
        return {"ssm": given.name}
    if isinstance(given, EnvRef):
        return {"env": given.name}
    return {"hidden": True}


def _verdicts(plan: StackPlan, changes: tuple[Change, ...] | tuple[()]) -> dict[str, int]:
    if not changes:
        added = len(plan.change_set.changes) if plan.change_set else 0
        return {"new": added} if plan.creates and added else {}
    words = [change.verdict.word for change in sorted(changes, key=lambda row: -row.verdict)]
    return {word: words.count(word) for word in dict.fromkeys(words)}
