"""A property whose value stays the same is no change, whatever parameters it is made of.

ministack 1.5.33 counts each property that refers to a changed parameter: a minor EngineVersion "replaced" a parameter
group whose Family, the part before the point, is what it was.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from ministack.services.cloudformation import stacks

from aurora_cfn.local.cloudformation.replacing import everywhere

Template = dict[str, Any]


def install() -> None:
    """Stand before the comparison that makes a change set."""
    everywhere("_diff_resources", _comparing)


def _comparing(inner: Callable[..., Any]) -> Callable[..., Any]:
    def diff(
        old: Template, new: Template, resources: Any = None, template: Template | None = None,
        changed: Collection[str] = (), retag: Any = (),
    ) -> Any:  # fmt: skip
        raw = without_unchanged(old, new, template or new, changed) if changed else template
        return inner(old, new, resources, raw, changed, retag)

    return diff


def without_unchanged(old: Template, new: Template, template: Template, changed: Collection[str]) -> Template:
    """The template with only references to resources left in each property that has one value in `old` and `new`.

    `old` and `new` are resolved, `changed` are the parameters with another value. A reference to a resource stays,
    because its value is not known before the resource was updated.
    """
    resources = {}
    known = old.get("Resources", {})
    for name, row in (template.get("Resources") or {}).items():
        before, after = (each.get("Resources", {}).get(name, {}).get("Properties") or {} for each in (old, new))
        properties = {
            # Absent before and after, where a condition leaves it out, is unchanged too.
            key: _resources_of(value, changed) if name in known and before.get(key) == after.get(key) else value
            for key, value in (row.get("Properties") or {}).items()
        }
        resources[name] = {**row, "Properties": properties}
    return {**template, "Resources": resources}


def _resources_of(value: Any, changed: Collection[str]) -> list[Template]:
    found = [(name, attribute) for name, attribute in stacks._intrinsic_references(value) if name not in changed]
    return [{"Fn::GetAtt": [name, attribute]} if attribute else {"Ref": name} for name, attribute in found]
