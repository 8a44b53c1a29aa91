"""References to resources in a variant, and the parameters that a written node depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from aurora_cfn.lint.found import Partial, Reference
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.value import Path
from aurora_cfn.template.forms import intrinsic
from aurora_cfn.template.mentions import behind, lone_ref, mentioned
from aurora_cfn.template.parsed import section_of
from aurora_cfn.template.transforms import transforms

_ELSEWHERE: Final = ("AWS::CloudFormation::", "Custom::")
_KNOWN_TRANSFORMS: Final = ("AWS::LanguageExtensions", "AWS::Serverless", "AWS::SecretsManager", "AWS::CodeDeploy")


def mentions(variant: Variant) -> Iterator[tuple[Reference, Path]]:
    """Every reference to a resource in resources and outputs of this variant, in branches that are taken."""
    for name in section_of(variant.template, "Resources"):
        row = variant.resource(name)
        if row is not None:
            yield from _below(variant, row.body.get("Properties"), (*row.path, "Properties"))
    for name, body in section_of(variant.template, "Outputs").items():
        if isinstance(body, Mapping) and ("Condition" not in body or variant.condition(body["Condition"])):
            yield from _below(variant, body.get("Value"), ("Outputs", name, "Value"))


def is_named_outside(variant: Variant, name: str) -> bool:
    """Whether an export, a nested stack or a custom resource names the resource, so that others may add to it."""
    outputs = section_of(variant.template, "Outputs").values()
    exported = [body.get("Value") for body in outputs if isinstance(body, Mapping) and "Export" in body]
    made = [body for body in section_of(variant.template, "Resources").values() if isinstance(body, Mapping)]
    handed = [body.get("Properties") for body in made if str(body.get("Type")).startswith(_ELSEWHERE)]
    return any(name in mentioned(node) for node in (*exported, *handed))


def _below(variant: Variant, node: Any, path: Path) -> Iterator[tuple[Reference, Path]]:
    found = variant.resolve(node, path)
    if isinstance(found.value, Reference):
        yield found.value, found.path
    elif isinstance(found.value, Partial):
        yield from ((piece, found.path) for piece in found.value.pieces if isinstance(piece, Reference))
    elif isinstance(found.value, Mapping) and intrinsic(found.value) is None:
        for key, value in found.value.items():
            yield from _below(variant, value, (*found.path, key))
    elif isinstance(found.value, list):
        for number, value in enumerate(found.value):
            yield from _below(variant, value, (*found.path, number))


def written_parameter(variant: Variant, path: Path) -> str:
    """The parameter that a lone `Ref` at the path names, empty when something else is written there."""
    node: Any = variant.template
    for key in path:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return ""
    name = lone_ref(node)
    return name if name in section_of(variant.template, "Parameters") else ""


def is_secret(variant: Variant, parameter: str) -> bool:
    """Whether a parameter has NoEcho."""
    row = section_of(variant.template, "Parameters").get(parameter)
    return isinstance(row, Mapping) and str(row.get("NoEcho", "")).lower() == "true"


def deciding_parameters(variant: Variant, node: Any) -> frozenset[str]:
    """Parameters that a written node depends on, through conditions too."""
    return behind(node, section_of(variant.template, "Conditions")) & section_of(variant.template, "Parameters").keys()


def has_macro(variant: Variant) -> bool:
    """Whether a transform that is not AWS's own may add or change anything."""
    return any(not name.startswith(_KNOWN_TRANSFORMS) for name in transforms(variant.template))
