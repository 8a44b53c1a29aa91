"""Outputs of stacks after a start at which another program had the port of a database."""

from __future__ import annotations

from typing import Any

from ministack.core.responses import request_scope
from ministack.services.cloudformation import _exports, _stacks
from ministack.services.cloudformation.stacks import _resolve_stack_outputs

from aurora_cfn.local.rds.backing import STORES
from aurora_cfn.local.rds.resources import KINDS, attributes_of

NESTED = "AWS::CloudFormation::Stack"


def renew_outputs() -> list[str]:
    """Give every stack the endpoints that its databases have now; the names of the stacks that had others.

    Resources that were made of an old endpoint, such as the variables of a function, have it until their next update.
    """
    changed: dict[str, None] = {}
    # Again for the parents of nested stacks, which show the outputs of these as attributes.
    while names := [
        name for place, stack in list(_stacks.all_items()) if (name := _renewed(place[0], place[1], stack))
    ]:
        changed |= dict.fromkeys(names)
    return list(changed)


def _renewed(account: str, region: str, stack: dict[str, Any]) -> str:
    """The name of the stack if something changed, else empty."""
    with request_scope(account, region):
        rows = (stack.get("_resources") or {}).values()
        stale = [(row["Attributes"], found) for row in rows if (found := _changed(row))]
        for attributes, found in stale:
            attributes.update(found)
        if stale and stack.get("Outputs"):
            template = stack["_template"]
            stack["Outputs"], exports = _resolve_stack_outputs(
                template.get("Outputs") or {}, stack["_conditions"], stack["_resources"], stack["_resolved_params"],
                template.get("Mappings") or {}, stack["StackName"], stack["StackId"],
            )  # fmt: skip
            _exports.update(exports)
    return str(stack["StackName"]) if stale else ""


def _changed(row: dict[str, Any]) -> dict[str, Any]:
    known = row.get("Attributes") or {}
    return {name: value for name, value in _attributes(row).items() if known.get(name, value) != value}


def _attributes(row: dict[str, Any]) -> dict[str, Any]:
    """The attributes of a database or a nested stack as they are now; none of other resources."""
    kind, physical = row.get("ResourceType", ""), row.get("PhysicalResourceId", "")
    if kind == NESTED:
        outputs = next((each.get("Outputs") for each in _stacks.values() if each.get("StackId") == physical), None)
        return {f"Outputs.{each['OutputKey']}": each["OutputValue"] for each in outputs or ()}
    record = STORES[KINDS[kind]].get(physical) if kind in KINDS else None
    return attributes_of(KINDS[kind], record) if record else {}
