"""ministack's stacks and change sets as a request names them, and answers as XML, new ones and ones to be completed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ministack.services.cloudformation import _change_sets, _stacks, changesets, handlers, helpers

from aurora_cfn.local.replacing import Inner

NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
Record: TypeAlias = dict[str, Any]


def stack_of(parameters: Any) -> Record | None:
    """The stack that StackName of a request names, by name or ARN."""
    found: Record | None = handlers._resolve_stack(helpers._p(parameters, "StackName"))
    return found


def stack_by_arn(arn: str) -> Record | None:
    """The stack with that ARN."""
    return next((row for row in _stacks.values() if row.get("StackId") == arn), None)


def is_rolling_back(name: str) -> bool:
    """Whether an update of the stack is being taken back."""
    return (_stacks.get(name) or {}).get("StackStatus") == "UPDATE_ROLLBACK_IN_PROGRESS"


def change_set_of(parameters: Any) -> Record | None:
    """The change set that ChangeSetName and StackName of a request name."""
    wanted = (helpers._p(parameters, name) for name in ("ChangeSetName", "StackName"))
    found: Record | None = changesets._find_change_set(*wanted)[1]
    return found


def with_new_change_sets(inner: Inner, parameters: Any) -> tuple[Any, list[Record]]:
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


def answered(action: str, result: Any) -> Any:
    """The answer to an action; see `xml` for the result."""
    return helpers._xml(200, f"{action}Response", f"<{action}Result>{xml(result)}</{action}Result>")


def xml(value: Any) -> str:
    """A value as the inside of an element; keys that begin with `_` and what is None are left out."""
    if isinstance(value, dict):
        return "".join(
            f"<{key}>{xml(row)}</{key}>" for key, row in value.items() if row is not None and not key.startswith("_")
        )
    if isinstance(value, list):
        return "".join(f"<member>{xml(row)}</member>" for row in value)
    return str(value).lower() if isinstance(value, bool) else escape(str(value))
