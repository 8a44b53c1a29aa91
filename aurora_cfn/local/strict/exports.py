"""Exports that another stack imports can neither be removed nor changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aurora_cfn.local.strict.replacing import everywhere


def install() -> None:
    """Wrap what resolves a stack's outputs at the end of its operation."""
    everywhere("_resolve_stack_outputs", _strict)


def _strict(inner: Callable[..., Any]) -> Callable[..., Any]:
    def resolve(*arguments: Any) -> Any:
        from ministack.services.cloudformation import _exports

        stack_name, stack_id = arguments[-2:]
        outputs, exports = inner(*arguments)
        own = {name: row for name, row in list(_exports.items()) if row.get("StackId") == stack_id}
        for name, row in own.items():
            users = importers(name, stack_name)
            if users and name not in exports:
                raise ValueError(f"Export {name} cannot be deleted as it is in use by {' and '.join(users)}")
            if users and exports[name]["Value"] != row["Value"]:
                raise ValueError(f"Export {name} cannot be updated as it is in use by {' and '.join(users)}")
        _refuse_foreign(exports, stack_id)
        for name in own:
            if name not in exports:
                _exports.pop(name, None)
        return outputs, exports

    return resolve


def importers(export: str, but: str) -> list[str]:
    """Names of the stacks that import an export."""
    from ministack.services.cloudformation import _stacks, handlers

    return sorted(
        name
        for name, stack in list(_stacks.items())
        if name != but
        and "DELETE_COMPLETE" not in stack.get("StackStatus", "")
        and export in handlers._imported_export_names(stack, name)
    )


def _refuse_foreign(exports: dict[str, Any], stack_id: str) -> None:
    from ministack.services.cloudformation import _exports

    for name in exports:
        other = _exports.get(name)
        if other and other.get("StackId") != stack_id:
            exporter = other["StackId"].split("/")[1]
            raise ValueError(f"Export with name {name} is already exported by stack {exporter}")
