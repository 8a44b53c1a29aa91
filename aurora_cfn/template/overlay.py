"""An overlay: a CloudFormation fragment that is laid over a rendered template, for changes without Python.

Its sections are those of a template, merged key by key; a list, a scalar or an intrinsic function replaces what was
there. Four sections are not CloudFormation's: Remove (dotted names), Tags (for every resource that takes tags),
ClusterParameters and InstanceParameters (of the database's parameter group).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.value import Path, Value
from aurora_cfn.template.mentions import behind
from aurora_cfn.template.overlay_parameters import GROUPS, with_engine_parameters
from aurora_cfn.yamltext import Document

SECTIONS: Final = (
    "AWSTemplateFormatVersion", "Transform", "Description", "Metadata", "Parameters", "Mappings", "Rules", "Conditions",
    "Resources", "Outputs",
)  # fmt: skip
"""Sections of a template in the order in which they are written."""
_FRAGMENT: Final = ("Description", "Metadata", "Parameters", "Mappings", "Rules", "Conditions", "Resources", "Outputs")
REMOVE, TAGS = "Remove", "Tags"
_KNOWN: Final = (*_FRAGMENT, REMOVE, TAGS, *GROUPS)
_MAKES_NEW: Final = {"Parameters": "Type", "Resources": "Type", "Outputs": "Value"}
"""The key without which an entry of the section can only change one that is there."""


@dataclass(frozen=True, slots=True)
class TagForm:
    """How a resource type takes tags: `property` is a list of `Key` and `Value` with the keys `more`, or a mapping."""

    property: str
    is_mapping: bool = False
    more: Mapping[str, Value] | None = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """The file at `path`; `tag_form` knows how a resource type takes tags, None where it takes none."""

    path: str
    document: Document
    tag_form: Callable[[str], TagForm | None]

    def complaint(self, what: str, keys: Path, hint: str = "") -> Complaint:
        """A complaint about the key at that path of the file."""
        return Complaint(what, self.path, self.document.line(keys), ".".join(map(str, keys)), hint)


def laid_over(template: Mapping[str, Any], overlay: Overlay) -> dict[str, Any]:
    """The template with the overlay over it. Raises InputError with every change that has no target any more."""
    fragment = overlay.document.value
    if not isinstance(fragment, Mapping):
        raise InputError((Complaint("an overlay must be a mapping", overlay.path, 1),))
    found: dict[str, Any] = deepcopy(dict(template))
    complaints = [*_unknown(fragment, overlay)]
    # Removed first, so that an overlay can replace an entry; tagged last, so that its own resources get tags too.
    complaints += _remove(found, fragment.get(REMOVE), overlay)
    complaints += _merge(found, fragment, overlay)
    complaints += with_engine_parameters(found, fragment, overlay.complaint)
    complaints += _tag(found, fragment.get(TAGS), overlay)
    # What is left over is judged only if everything was found: a misspelled name would make false alarms.
    complaints += [] if complaints else _dangling(template, found, overlay)
    if complaints:
        raise InputError(complaints)
    return {name: found[name] for name in SECTIONS if found.get(name)}


def _unknown(fragment: Mapping[str, Value], overlay: Overlay) -> Iterator[Complaint]:
    for name in fragment:
        if name not in _KNOWN:
            close = get_close_matches(name, _KNOWN, 1)
            hint = f"did you mean {close[0]}?" if close else f"an overlay has: {', '.join(_KNOWN)}"
            yield overlay.complaint("an overlay has no such section", (name,), hint)


def _remove(found: dict[str, Any], names: Value, overlay: Overlay) -> Iterator[Complaint]:
    if names is not None and not isinstance(names, list):
        yield overlay.complaint("must be a list of names such as Resources.SecondReader", (REMOVE,))
        return
    for number, name in enumerate(names or ()):
        *parents, last = str(name).split(".")
        node: Any = found
        for key in parents:
            node = node.get(key) if isinstance(node, Mapping) else None
        if parents and isinstance(node, dict) and last in node:
            del node[last]
        else:
            what = f"{name} is not in the template" if parents else f"{name} needs its section: Resources.{name}"
            yield overlay.complaint(what, (REMOVE, number), "delete this line, or correct the name" if parents else "")


def _merge(found: dict[str, Any], fragment: Mapping[str, Value], overlay: Overlay) -> Iterator[Complaint]:
    for section in _FRAGMENT:
        entries = fragment.get(section)
        if isinstance(entries, Mapping):
            yield from _merge_section(found.setdefault(section, {}), section, entries, overlay)
        elif section in fragment and section != "Description":
            yield overlay.complaint("must be a mapping", (section,))
        elif section in fragment:
            found[section] = entries


def _merge_section(
    there: dict[str, Any], section: str, entries: Mapping[str, Value], overlay: Overlay
) -> Iterator[Complaint]:
    makes_new = _MAKES_NEW.get(section)
    for name, entry in entries.items():
        if makes_new and isinstance(entry, Mapping):
            if name not in there and makes_new not in entry:
                close = get_close_matches(name, there, 1)
                hint = f"did you mean {close[0]}? " if close else ""
                what = f"{name} is not in the template"
                yield overlay.complaint(what, (section, name), f"{hint}a new one needs {makes_new}")
                continue
            if section == "Resources" and name in there and makes_new in entry:
                what = f"{name} is in the template already"
                yield overlay.complaint(what, (section, name), "leave out Type to change it, or choose another name")
                continue
        there[name] = _merged(there.get(name), entry)


def _merged(old: Any, new: Any) -> Any:
    """Two mappings key by key; else the new value, also where one of the two is an intrinsic function."""
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)) or _is_function(old) or _is_function(new):
        return deepcopy(new)
    return {**old, **{key: _merged(old.get(key), value) for key, value in new.items()}}


def _is_function(value: Mapping[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::", "Condition"))


def _tag(found: Mapping[str, Any], tags: Value, overlay: Overlay) -> Iterator[Complaint]:
    if tags is None:
        return
    if not isinstance(tags, Mapping):
        yield overlay.complaint("must be a mapping such as {Team: payments}", (TAGS,))
        return
    for resource in found["Resources"].values():
        form = overlay.tag_form(str(resource.get("Type"))) if isinstance(resource, dict) else None
        if form is None:
            continue
        properties = resource.setdefault("Properties", {})
        old = properties.get(form.property)
        if form.is_mapping:
            properties[form.property] = _merged(old or {}, tags)
        else:
            # CloudFormation refuses two tags of one key.
            kept = [row for row in old or () if not (isinstance(row, Mapping) and row.get("Key") in tags)]
            added = [{"Key": key, "Value": value, **(form.more or {})} for key, value in tags.items()]
            properties[form.property] = [*kept, *added]


def _dangling(before: Mapping[str, Any], after: dict[str, Any], overlay: Overlay) -> Iterator[Complaint]:
    """Complaints about what still refers to something removed; the interface metadata are corrected instead."""
    gone = {name for section in ("Parameters", "Resources") for name in before.get(section, {})}
    gone -= {name for section in ("Parameters", "Resources") for name in after.get(section, {})}
    _out_of_interface(after, gone)
    for section in ("Resources", "Outputs", "Conditions"):
        for name, entry in after.get(section, {}).items():
            waits = entry.get("DependsOn", ()) if isinstance(entry, Mapping) else ()
            users = behind(entry, after.get("Conditions", {})) | {*([waits] if isinstance(waits, str) else waits)}
            for target in sorted(gone & users):
                what = f"{target} is removed, and {section}.{name} still refers to it"
                yield overlay.complaint(what, (REMOVE,), f"remove or change {section}.{name} too")


def _out_of_interface(template: dict[str, Any], gone: set[str]) -> None:
    interface = template.get("Metadata", {}).get("AWS::CloudFormation::Interface", {})
    groups = interface.get("ParameterGroups", [])
    for group in groups:
        group["Parameters"] = [name for name in group["Parameters"] if name not in gone]
    if groups:
        interface["ParameterGroups"] = [group for group in groups if group["Parameters"]]
    labels = interface.get("ParameterLabels", {})
    for name in gone & labels.keys():
        del labels[name]
