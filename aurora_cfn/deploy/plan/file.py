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
"""The JSON type of a field, by the start of its annotation; `str | None` before `str`, which it starts with."""


def planned_stack(plan: StackPlan, review: StackReview | None) -> PlannedStack:
    """What the file keeps of a plan; no value that may be a secret."""
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
    """The parameters by name: the value, or its source when it may be a secret."""
    return {name: _origin(plan, name) if plan.hides(name) else value for name, value in plan.parameters.items()}


def settings(desired: DesiredStack) -> dict[str, Value]:
    """Everything else that a deployment sets on the stack, beside template, parameters and tags."""
    return {
        "termination_protection": desired.protect,
        "role_arn": desired.role_arn,
        "notification_arns": list(desired.notification_arns),
        "capabilities": list(desired.capabilities),
    }


def moment(stack: Stack | None) -> str:
    """When the stack was last changed, UTC in ISO 8601; empty without a stack or where AWS gives no time."""
    at = (stack.updated or stack.created) if stack else None
    return at.isoformat() if at else ""


def sha256(text: str) -> str:
    """Hexadecimal digest of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def plan_json(plan: PlanFile) -> str:
    """The file's text, with a digest over all the rest."""
    document = {"format": FORMAT, **asdict(plan)}
    return json.dumps({**document, "digest": _digest(document)}, indent=2, ensure_ascii=False) + "\n"


def read_plan(text: str, path: str) -> PlanFile:
    """The plan in the text. Raises InputError when it is not a plan, is damaged or comes from a newer version."""
    document = _document(text, path)
    # Before the digest, so that a newer file is not called damaged.
    written = document["format"]
    if isinstance(written, int) and written > FORMAT:
        what = f"{path}: plan format {written} is newer than this version reads ({FORMAT})"
        raise InputError(f"{what}: apply it with the version that wrote it")
    digest = document.pop("digest", "")
    if written != FORMAT or digest != _digest(document):
        raise InputError(f"{path}: the plan is damaged or was edited: {AGAIN}")
    del document["format"]
    # Plans of version 0.1 name the version that wrote them. After the digest, which covers this field too.
    document.pop("tool", None)
    try:
        _check_shape(PlanFile, document)
        stacks = tuple(_planned(row) for row in document["stacks"])
        # Plans of older versions have no `tried`, and no `endpoint`.
        named = {"allow": tuple(document["allow"]), "tried": tuple(document.get("tried", ()))}
        return PlanFile(**{**document, "stacks": stacks, **named})
    except (KeyError, TypeError):
        raise InputError(f"{path}: the plan is damaged or was edited: {AGAIN}") from None


def _check_shape(kind: type[PlanFile | PlannedStack], document: Mapping[str, Any]) -> None:
    """Raise TypeError where a value has the wrong type. The digest does not exclude that: an editor can renew it."""
    for field in fields(kind):
        wanted = next(shape for start, shape in SHAPES.items() if str(field.type).startswith(start))
        if field.name in document and not isinstance(document[field.name], wanted):
            raise TypeError(field.name)


def _planned(row: Mapping[str, Any]) -> PlannedStack:
    _check_shape(PlannedStack, row)
    return PlannedStack(**{**row, "notes": tuple(row["notes"]), "opened": tuple(row.get("opened", ()))})


def _document(text: str, path: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{path}: not a plan, or cut off: {AGAIN} with `aurora-cfn deploy --plan`") from None
    if not isinstance(document, dict) or "format" not in document:
        raise InputError(f"{path}: not a plan: `aurora-cfn deploy --plan` writes one")
    return document


def _digest(document: Mapping[str, Any]) -> str:
    """`sha256:` and the hash of all fields but `digest`; the canonical form does not depend on the file's layout."""
    # Against accidental edits; it is no signature, as anyone can compute it.
    return f"sha256:{sha256(json.dumps(document, sort_keys=True, separators=(',', ':')))}"


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
    words = [change.outcome.word for change in sorted(changes, key=lambda row: -row.outcome)]
    return {word: words.count(word) for word in dict.fromkeys(words)}
