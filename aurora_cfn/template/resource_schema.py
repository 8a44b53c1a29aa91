"""What CloudFormation's resource schemas say about a property; the schemas are the data files that cfn-lint carries.

They are read one by one, by type, without importing cfn-lint (a second's work).
"""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.model.value import Path as Keys
from aurora_cfn.model.value import Value

REGION = "us-east-1"
"""The region with the most types; where a type exists its replacement rules are the same everywhere."""
ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+\*?")
"""What an IAM action looks like."""
_SECURITY_GROUPS = frozenset({"vpcsecuritygroupids", "vpcsecuritygroups", "securitygroupids"})


@dataclass(frozen=True, slots=True)
class ResourceSchema:
    """The rules of one resource type; a pointer is a path of property names where `*` is any list position.

    `names` give the physical resource its name, of which `own_names` are not those of another resource. `identity` are
    the properties that together identify it; empty where one does, or where AWS makes one of them.
    """

    properties: Mapping[str, Any]
    definitions: Mapping[str, Any]
    create_only: tuple[Keys, ...]
    conditional: tuple[Keys, ...]
    read_only: tuple[Keys, ...]
    lowered: frozenset[Keys]
    names: tuple[str, ...]
    own_names: frozenset[str]
    identity: tuple[str, ...]
    tags: str
    creates_before_delete: bool

    def shape(self, keys: Keys) -> Mapping[str, Any]:
        """The schema of a nested property, empty when it is not described."""
        shape: Mapping[str, Any] = {"properties": self.properties}
        for key in keys:
            inner = shape.get("items") if isinstance(key, int) else _member(shape, key)
            shape = self._opened(inner)
            if not shape:
                return {}
        return shape

    def is_number(self, keys: Keys) -> bool:
        """Whether the property is a number, so that `2` and `2.0` are the same."""
        kinds = self.shape(keys).get("type")
        kinds = {kinds} if isinstance(kinds, str) else set(kinds or ())
        return bool(kinds & {"number", "integer"}) and "string" not in kinds

    def is_boolean(self, keys: Keys) -> bool:
        """Whether the property is a boolean and nothing else."""
        return self.shape(keys).get("type") == "boolean"

    def is_set(self, keys: Keys) -> bool:
        """Whether the property is a list whose order means nothing."""
        # The order of security groups means nothing to any service, though some schemas do not say so.
        groups = bool(keys) and str(keys[-1]).lower() in _SECURITY_GROUPS
        return groups or self.shape(keys).get("insertionOrder") is False

    def _opened(self, shape: Any) -> Mapping[str, Any]:
        # Bounded, because a definition may refer to itself; real chains of references are two or three long.
        for _ in range(8):
            if not isinstance(shape, Mapping):
                return {}
            target = shape.get("$ref")
            if not isinstance(target, str) or not target.startswith("#/"):
                return shape
            shape = self._target(target)
        return {}

    def _target(self, target: str) -> Any:
        node: Any = {"definitions": self.definitions, "properties": self.properties}
        for key in target[2:].split("/"):
            node = node.get(key) if isinstance(node, Mapping) else None
        return node


@cache
def schema(kind: str) -> ResourceSchema | None:
    """The schema of a type, None for types without a public one (Custom::, modules). Raises InputError."""
    digest = _index().get(kind)
    if digest is None:
        return None
    raw = json.loads((_folder() / "resources" / f"{digest}.json").read_bytes())
    create_only, read_only = _pointers(raw, "createOnlyProperties"), _pointers(raw, "readOnlyProperties")
    primary = _pointers(raw, "primaryIdentifier")
    # A part that AWS makes distinguishes two resources: a function has any number of AWS::Lambda::Permission.
    # AccountId is that of the stack itself (AWS::Logs::AccountPolicy), so it distinguishes nothing.
    given = () if (set(primary) & set(read_only)) - {("AccountId",)} else primary
    own = frozenset({"Name", f"{kind.rpartition('::')[2]}Name", "GroupName"})
    transforms = raw.get("propertyTransform", {})
    return ResourceSchema(
        properties=raw.get("properties", {}),
        definitions=raw.get("definitions", {}),
        # Some schemas list read-only attributes as create-only too; no template can change those.
        create_only=tuple(keys for keys in create_only if keys not in read_only),
        conditional=_pointers(raw, "conditionalCreateOnlyProperties"),
        read_only=read_only,
        lowered=frozenset(_keys(key) for key, rule in transforms.items() if str(rule).startswith("$lowercase(")),
        names=_names(own, create_only, given),
        own_names=own,
        identity=tuple(str(keys[0]) for keys in given) if len(given) > 1 else (),
        tags=str(raw.get("tagging", {}).get("tagProperty", "")).rpartition("/")[2],
        creates_before_delete=raw.get("replacementStrategy") != "delete_then_create",
    )


@cache
def _index() -> Mapping[str, str]:
    path = _folder() / "providers" / f"{REGION}.json"
    try:
        found: Mapping[str, str] = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"the resource schemas of cfn-lint are missing: {error} (install cfn-lint 1.58)") from None
    return found


def _folder() -> Path:
    return data_folder() / "schemas"


@cache
def data_folder() -> Path:
    """The folder of cfn-lint's data files. Raises InputError when cfn-lint is missing."""
    spec = importlib.util.find_spec("cfnlint")
    if spec is None or not spec.submodule_search_locations:
        raise InputError("the resource schemas of cfn-lint are missing (install cfn-lint 1.58)")
    return Path(spec.submodule_search_locations[0]) / "data"


def _pointers(raw: Mapping[str, Any], key: str) -> tuple[Keys, ...]:
    return tuple(_keys(pointer) for pointer in raw.get(key, ()))


def _keys(pointer: str) -> Keys:
    # Schemas write a list item as `/*`, `/items` or nothing at all.
    return tuple(part for part in pointer.removeprefix("/properties/").split("/") if part not in {"items", ""})


def _member(shape: Mapping[str, Any], key: str) -> Any:
    members = shape.get("properties")
    return members.get(key) if isinstance(members, Mapping) else None


def _names(own: frozenset[str], create_only: Sequence[Keys], given: Sequence[Keys]) -> tuple[str, ...]:
    """The properties that give the physical resource its own name: two cannot exist at once under one name."""
    # The primary identifier is not enough: of many types it is an ARN or an id that AWS makes.
    # Properties that only refer to something, such as DBSubnetGroupName of an instance, are no names of their own.
    tops = (keys[0] for keys in create_only if len(keys) == 1)
    identifiers = {keys[0] for keys in given if len(keys) == 1 and str(keys[0]).endswith(("Name", "Identifier"))}
    return tuple(str(top) for top in tops if top in own or top in identifiers)


def picked(properties: Value, pointer: Keys) -> list[Value]:
    """The values that a pointer means in the properties of a resource: none, one, or one a list item."""
    found = [properties]
    for key in pointer:
        found = [inner for item in found for inner in _step(item, key)]
    return found


def _step(value: Value, key: str | int) -> list[Value]:
    if key == "*" and isinstance(value, Sequence) and not isinstance(value, str):
        return list(value)
    if isinstance(value, Mapping) and key in value:
        return [value[str(key)]]
    return []


@cache
def handler_permissions(kind: str, handlers: tuple[str, ...]) -> frozenset[str]:
    """IAM actions that CloudFormation needs to run those handlers (create, read, update, delete) of a type.

    Empty for types without a public schema. Raises InputError when the schemas are missing. Some schemas name a call
    as its log does (`s3:REST.PUT.OBJECT`), which IAM has no action for: these are left out.
    """
    digest = _index().get(kind)
    raw = json.loads((_folder() / "resources" / f"{digest}.json").read_bytes()) if digest else {}
    handled = raw.get("handlers", {})
    named = (action for name in handlers for action in handled.get(name, {}).get("permissions", ()))
    return frozenset(action for action in named if ACTION.fullmatch(action))


@cache
def primary_identifier(kind: str) -> tuple[str, ...]:
    """Names of the properties that identify a resource of the type; empty for types without a public schema.

    Raises InputError when the schemas are missing.
    """
    digest = _index().get(kind)
    raw = json.loads((_folder() / "resources" / f"{digest}.json").read_bytes()) if digest else {}
    return tuple("/".join(map(str, keys)) for keys in _pointers(raw, "primaryIdentifier"))
