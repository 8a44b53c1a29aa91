"""Blueprint to template text, stable to the byte."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from typing import Any, Literal, TypeAlias

from troposphere import AWSObject, encode_to_dict

from aurora_cfn.blueprint import Blueprint, comments_of
from aurora_cfn.model.value import Path
from aurora_cfn.parameters import interface
from aurora_cfn.template.header import header_of, with_header
from aurora_cfn.template.summary import TemplateSummary, imported
from aurora_cfn.yamltext import write_template

_ATTRIBUTES = (
    "Type",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
)


def template(blueprint: Blueprint) -> dict[str, Any]:
    """The template as a mapping, its sections in reading order."""
    return _template(blueprint, blueprint.resources())


def render(blueprint: Blueprint) -> str:
    """The template's text, with a header that says where it comes from and how to change it."""
    resources = blueprint.resources()
    body = write_template(_template(blueprint, resources), comments=_comments(blueprint, resources))
    return with_header(body, blueprint.name)


def summary(blueprint: Blueprint) -> TemplateSummary:
    """What params files see of the template that the blueprint renders."""
    plain = template(blueprint)
    return TemplateSummary(
        name=blueprint.name,
        description=blueprint.description,
        parameters=blueprint.parameters,
        outputs=tuple(plain.get("Outputs", {})),
        imports=imported(plain.get("Resources", {})),
        rules=blueprint.rules,
        checks=blueprint.checks,
        code=blueprint.code,
        template=plain,
    )


def summaries(blueprints: Iterable[Blueprint]) -> dict[str, TemplateSummary]:
    """The summaries of blueprints by name."""
    return {row.name: summary(row) for row in blueprints}


def _template(blueprint: Blueprint, resources: Sequence[AWSObject]) -> dict[str, Any]:
    sections: dict[str, Any] = {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Transform": list(blueprint.transform),
        "Description": blueprint.description,
        "Metadata": interface(blueprint.parameters) | dict(blueprint.metadata),
        "Parameters": {row.name: row.emitted() for row in blueprint.parameters},
        "Mappings": dict(blueprint.mappings),
        "Rules": dict(blueprint.rules),
        "Conditions": dict(blueprint.conditions),
        "Resources": {resource.title: resource for resource in resources},
        "Outputs": {output.title: output for output in blueprint.outputs()},
    }
    plain: dict[str, Any] = encode_to_dict({name: value for name, value in sections.items() if value})
    plain["Resources"] = {name: _ordered(entry) for name, entry in plain["Resources"].items()}
    return plain


def _comments(blueprint: Blueprint, resources: Sequence[AWSObject]) -> dict[Path, str]:
    beside = {
        ("Resources", str(resource.title), *path): text
        for resource in resources
        for path, text in comments_of(resource).items()
    }
    return dict(blueprint.comments) | beside


def _ordered(resource: Mapping[str, Any]) -> dict[str, Any]:
    known = {name: resource[name] for name in _ATTRIBUTES if name in resource}
    return known | dict(resource)


Reason: TypeAlias = Literal["missing", "stale", "edited", "orphaned", "not rendered"]
"""Why a file is not what would be written.

`edited` was rendered and then changed by hand. `orphaned` was rendered from a blueprint that is gone. `not rendered` is
a file of the user's own that has the name of a blueprint.
"""


@dataclass(frozen=True, slots=True)
class Staleness:
    """One file of the templates folder that is not what the blueprints render; `diff` leads from it to what they do."""

    name: str
    reason: Reason
    diff: str


def stale(
    blueprints: Iterable[Blueprint], committed: Mapping[str, str], pages: Mapping[str, str] | None = None
) -> list[Staleness]:
    """Where the committed texts (file name to text) differ from what is rendered, in the order of the blueprints.

    `pages` are files beside the templates that are written from them.
    """
    rendered = {f"{blueprint.name}.yaml": render(blueprint) for blueprint in blueprints} | dict(pages or {})
    found = [_compared(name, committed.get(name), text) for name, text in rendered.items()]
    orphans = (name for name, text in sorted(committed.items()) if name not in rendered and header_of(text))
    found += [_compared(name, committed[name], None) for name in orphans]
    return [item for item in found if item is not None]


def hand_edit(committed: str, rendered: str) -> bool:
    """Whether writing `rendered` over a committed template would discard text that was written by hand."""
    header = header_of(committed)
    return committed != rendered and header_of(rendered) is not None and (header is None or header.edited)


def _reason(committed: str | None, rendered: str | None) -> Reason:
    if committed is None or rendered is None:
        return "missing" if committed is None else "orphaned"
    if not hand_edit(committed, rendered):
        return "stale"
    return "edited" if header_of(committed) else "not rendered"


def _compared(name: str, committed: str | None, rendered: str | None) -> Staleness | None:
    if committed == rendered:
        return None
    reason = _reason(committed, rendered)
    old, new = (committed or "").splitlines(keepends=True), (rendered or "").splitlines(keepends=True)
    before = "/dev/null" if committed is None else f"templates/{name}"
    after = "/dev/null" if rendered is None else f"rendered/{name}"
    return Staleness(name, reason, "".join(unified_diff(old, new, before, after)))
