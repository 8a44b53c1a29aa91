"""A change set that CloudFormation rejects before it touches anything: every failure, with its line in the template."""

from __future__ import annotations

import re
from collections.abc import Sequence

from aurora_cfn.deploy.hints import hint
from aurora_cfn.model.change_set import ChangeSet, ValidationFailure
from aurora_cfn.model.plan import DesiredStack
from aurora_cfn.model.value import Path
from aurora_cfn.yamltext import read_template


def early_failure(desired: DesiredStack, change_set: ChangeSet, failures: Sequence[ValidationFailure]) -> str:
    """What CloudFormation found, one failure a line; its own reason where it tells no more."""
    reason = " ".join(change_set.reason.split()) or "CloudFormation gave no reason"
    found = [failure for failure in failures if failure.mode != "WARN"]
    if not found:
        what = hint(reason)
        return f"{desired.name}: the change set was rejected: {reason}" + (f" ({what})" if what else "")
    document = read_template(desired.template, desired.entry.template)
    lines = [f"{desired.name}: CloudFormation rejected the template before touching anything:"]
    for failure in found:
        place = document.line(template_path(failure))
        reason = " ".join(failure.reason.split())
        what = hint(reason)
        lines.append(f"  templates/{desired.entry.template}.yaml:{place}: {failure.path}: {reason}")
        lines += [f"    what to do: {what}"] if what else []
    return "\n".join(lines)


def template_path(failure: ValidationFailure) -> Path:
    """The path in the template, as keys and list positions."""
    parts = [part for part in re.split(r"[/.]", failure.path) if part]
    if parts and parts[0] not in {"Resources", "Parameters", "Outputs", "Conditions", "Mappings", "Rules"}:
        parts = ["Resources", failure.logical_id or parts[0], *parts[bool(not failure.logical_id) :]]
    return tuple(int(part) if part.isdigit() else part for part in parts)
