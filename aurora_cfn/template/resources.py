"""The resources and outputs of a side, in normal form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.model.environment import ParameterValue
from aurora_cfn.model.value import Value
from aurora_cfn.template.conditions import as_truth
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import intrinsic, scalar
from aurora_cfn.template.reader import Truth
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

RETAINING = frozenset({"Retain", "RetainExceptOnCreate"})


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource that exists on this side, or may exist (`exists` is then the condition's expression)."""

    logical_id: str
    type: str
    properties: Mapping[str, Value]
    attributes: Mapping[str, Value]
    depends_on: frozenset[str]
    exists: Truth
    line: int

    @property
    def certain(self) -> bool:
        """Whether it surely exists on this side."""
        return self.exists is True

    def policy(self, name: str) -> str | None:
        """`DeletionPolicy` or `UpdateReplacePolicy` as text, None when not given; an unknown one counts as Delete."""
        value = self.attributes.get(name)
        return value if value is None or isinstance(value, str) else "Delete"


def resources(evaluator: Evaluator) -> dict[str, Resource]:
    """The resources whose condition is not known to be false, by logical id."""
    found: dict[str, Resource] = {}
    for name, raw in evaluator.side.section("Resources").items():
        if not isinstance(raw, Mapping) or name.startswith("Fn::"):
            continue
        exists = _exists(evaluator, raw)
        if exists is not False:
            found[name] = _resource(evaluator, name, raw, exists)
    return found


def written_resources(
    text: str, path: str, parameters: Mapping[str, ParameterValue] | None = None
) -> dict[str, Mapping[str, Value]]:
    """The resources of a template's text as they are written, by logical id, whether their conditions hold or not.

    Loops (Fn::ForEach) are written out with the parameter values. Raises InputError when it is not a template.
    """
    side = Evaluator(Side(template_of(read_template(text, path), path), parameters or {})).side
    rows = side.section("Resources").items()
    return {name: row for name, row in rows if isinstance(row, Mapping) and not name.startswith("Fn::")}


def outputs(evaluator: Evaluator) -> dict[str, Mapping[str, Value]]:
    """Outputs whose condition is not known to be false: Description, Value, Export, in normal form."""
    found = {}
    for name, raw in evaluator.side.section("Outputs").items():
        if isinstance(raw, Mapping) and not name.startswith("Fn::") and _exists(evaluator, raw) is not False:
            value = evaluator.value({key: item for key, item in raw.items() if key != "Condition"})
            found[name] = value if isinstance(value, Mapping) else {}
    return found


def export_name(output: Mapping[str, Value]) -> Value:
    """Name of the export in normal form, None when the output is not exported."""
    export = output.get("Export")
    return export.get("Name") if isinstance(export, Mapping) else None


def imported_names(evaluator: Evaluator) -> list[Value]:
    """Every name that the side imports with Fn::ImportValue, in normal form."""
    names: list[Value] = []
    for resource in resources(evaluator).values():
        names += _imports(resource.properties)
    for output in outputs(evaluator).values():
        names += _imports(output)
    return names


def _imports(value: Value) -> list[Value]:
    if intrinsic(value) == "Fn::ImportValue" and isinstance(value, Mapping):
        return [value["Fn::ImportValue"]]
    if isinstance(value, Mapping):
        return [name for item in value.values() for name in _imports(item)]
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [name for item in value for name in _imports(item)]
    return []


def _exists(evaluator: Evaluator, raw: Mapping[str, Value]) -> Truth:
    name = raw.get("Condition")
    return as_truth(evaluator.value(evaluator.condition(name))) if isinstance(name, str) else True


def _resource(evaluator: Evaluator, name: str, raw: Mapping[str, Value], exists: Truth) -> Resource:
    properties = evaluator.value(raw.get("Properties") or {})
    others = {key: item for key, item in raw.items() if key not in {"Properties", "Type", "Condition", "DependsOn"}}
    attributes = evaluator.value(others)
    depends = raw.get("DependsOn") or ()
    depends = (depends,) if isinstance(depends, str) else depends
    depends = depends if isinstance(depends, Sequence) else ()
    return Resource(
        logical_id=name,
        type=str(scalar(raw.get("Type"))),
        properties=properties if isinstance(properties, Mapping) and not intrinsic(properties) else {"*": properties},
        attributes=attributes if isinstance(attributes, Mapping) else {},
        depends_on=frozenset(str(item) for item in depends),
        exists=exists,
        line=evaluator.side.line(("Resources", name)),
    )
