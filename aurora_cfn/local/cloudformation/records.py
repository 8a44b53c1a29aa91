"""ministack's stacks and change sets as a request names them, and its answers as XML to be completed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from xml.etree import ElementTree

from ministack.services.cloudformation import _change_sets, _stacks, changesets, handlers, helpers

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
Action: TypeAlias = Callable[[Any], Any]
Record: TypeAlias = dict[str, Any]


def wrap_actions(wrappers: Mapping[str, Callable[[Action], Action]]) -> None:
    """Replace actions of the CloudFormation API by what their wrapper makes of them."""
    for name, wrap in wrappers.items():
        handlers._ACTION_HANDLERS[name] = wrap(handlers._ACTION_HANDLERS[name])


def stack_of(parameters: Any) -> Record | None:
    """The stack that StackName of a request names, by name or ARN."""
    found: Record | None = handlers._resolve_stack(helpers._p(parameters, "StackName"))
    return found


def stack_by_arn(arn: str) -> Record | None:
    """The stack with that ARN."""
    return next((row for row in _stacks.values() if row.get("StackId") == arn), None)


def change_set_of(parameters: Any) -> Record | None:
    """The change set that ChangeSetName and StackName of a request name."""
    wanted = (helpers._p(parameters, name) for name in ("ChangeSetName", "StackName"))
    found: Record | None = changesets._find_change_set(*wanted)[1]
    return found


def with_new_change_sets(inner: Action, parameters: Any) -> tuple[Any, list[Record]]:
    """The answer of CreateChangeSet, and the change sets that it has made."""
    known = set(_change_sets)
    answer = inner(parameters)
    return answer, [row for arn, row in _change_sets.items() if arn not in known]


def with_elements(body: bytes, label: str, complete: Callable[[ElementTree.Element], None]) -> bytes:
    """An XML answer after `complete` was called on each element of that label, in document order."""
    ElementTree.register_namespace("", NAMESPACE)
    tree = ElementTree.fromstring(body)
    for element in tree.iter(tag(label)):
        complete(element)
    text: bytes = ElementTree.tostring(tree, encoding="utf-8", xml_declaration=True)
    return text


def tag(name: str) -> str:
    """The name of an element as ElementTree has it, with CloudFormation's namespace."""
    return f"{{{NAMESPACE}}}{name}"
