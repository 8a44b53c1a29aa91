"""The status page: what runs here, and what of it is only a record."""

from __future__ import annotations

from typing import Any


def summary() -> dict[str, Any]:
    """Stacks of every account and region, as JSON."""
    from ministack.services.cloudformation import _stacks

    stacks = [
        {"name": name, "account": account, "region": region, "status": stack.get("StackStatus", "")}
        for (account, region, name), stack in sorted(_stacks.all_items(), key=lambda item: item[0])
    ]
    return {"stacks": [row for row in stacks if row["status"] != "DELETE_COMPLETE"]}
