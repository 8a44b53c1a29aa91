"""Blueprint to template text, stable to the byte."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import unified_diff
from typing import Any, Literal, TypeAlias

from troposphere import AWSObject, Template, encode_to_dict

from aurora_cfn.blueprint import Blueprint, comments_of
from aurora_cfn.model.value import Path
from aurora_cfn.parameters import Parameter, interface
from aurora_cfn.template.header import header_of, with_header
from aurora_cfn.template.overlay import Overlay, laid_over
from aurora_cfn.template.summary import TemplateSummary, imported, summary_of
from aurora_cfn.yamltext import write_template

_SECTIONS = (
    "AWSTemplateFormatVersion",
    "Transform",
    "Description",
    "Metadata",
    "Parameters",
    "Mappings",
    "Rules",
    "Conditions",
    "Resources",
    "Outputs",
)
_ATTRIBUTES = (
    "Type",
    "Condition",
    "DependsOn",
    "DeletionPolicy",
    "UpdateReplacePolicy",
    "Metadata",
    "Properties",
)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A blueprint as it is rendered: with the overlay, where it has one.

    The parameters of `blueprint` are those of the template.
    """

    blueprint: Blueprint
    template: Mapping[str, Any]
    text: str


def rendered(blueprint: Blueprint, overlay: Overlay | None = None) -> Rendered:
    """The template and its text. Raises InputError where the overlay does not fit the blueprint any more."""
    resources = blueprint.resources()
    plain, comments = _template(blueprint, resources), _comments(blueprint, resources)
    if overlay is None:
        return Rendered(blueprint, plain, with_header(write_template(plain, comments=comments), blueprint.name))
    changed = laid_over(plain, overlay)
    kept = {path: text for path, text in comments.items() if _still_there(path, plain, changed)}
    body = write_template(changed, comments=kept)
    text = with_header(body, blueprint.name, f"the blueprint or {overlay.path}")
    parameters = tuple(_placed(row, blueprint) for row in summary_of(blueprint.name, changed).parameters)
    return Rendered(replace(blueprint, parameters=parameters), changed, text)


def as_blueprint(made: object, name: str) -> object:
    """The same, or the blueprint of that name for a template that was built with troposphere alone."""
    if not isinstance(made, Template):
        return made
    whole = made.to_dict()
    found = summary_of(name, whole)
    return Blueprint(
        name=name,
        description=found.description,
        parameters=found.parameters,
        resources=lambda: list(made.resources.values()),
        outputs=lambda: list(made.outputs.values()),
        whole=whole,
    )


def template(blueprint: Blueprint) -> dict[str, Any]:
    """The template as a mapping, its sections in reading order."""
    return _template(blueprint, blueprint.resources())


def render(blueprint: Blueprint, overlay: Overlay | None = None) -> str:
    """The template's text, with a header that says where it comes from and how to change it."""
    return rendered(blueprint, overlay).text


def summary(blueprint: Blueprint, overlay: Overlay | None = None) -> TemplateSummary:
    """What params files see of the template that the blueprint renders."""
    if overlay is not None:
        found = rendered(blueprint, overlay)
        blueprint, plain = found.blueprint, dict(found.template)
    else:
        plain = template(blueprint)
    return TemplateSummary(
        name=blueprint.name,
        description=blueprint.description,
        parameters=blueprint.parameters,
        outputs=tuple(plain.get("Outputs", {})),
        imports=imported(plain.get("Resources", {})),
        rules=plain.get("Rules", {}),
        checks=blueprint.checks,
        code=blueprint.code,
        template=plain,
    )


def _placed(row: Parameter, blueprint: Blueprint) -> Parameter:
    """A parameter of the template with what only the blueprint says: its group, label and step."""
    own = blueprint.parameter(row.name)
    return row if own is None else replace(row, group=own.group, label=own.label, step=own.step)


def _still_there(path: Path, before: Any, after: Any) -> bool:
    """Whether the value below a comment is still there: the same in both templates, or a mapping in both."""
    for key in path:
        try:
            before, after = before[key], after[key]
        except (KeyError, IndexError, TypeError):
            return False
    return before == after or (isinstance(before, Mapping) and isinstance(after, Mapping))


def summaries(blueprints: Iterable[Blueprint]) -> dict[str, TemplateSummary]:
    """The summaries of blueprints by name."""
    return {row.name: summary(row) for row in blueprints}


def _template(blueprint: Blueprint, resources: Sequence[AWSObject]) -> dict[str, Any]:
    sections: Mapping[str, Any] = blueprint.whole or _sections(blueprint, resources)
    plain: dict[str, Any] = encode_to_dict({name: sections[name] for name in _SECTIONS if sections.get(name)})
    plain["Resources"] = {name: _ordered(entry) for name, entry in plain.get("Resources", {}).items()}
    return plain


def _sections(blueprint: Blueprint, resources: Sequence[AWSObject]) -> dict[str, Any]:
    """Every section by name. Raises TypeError for a resource that is no object of troposphere."""
    other = next((row for row in resources if not hasattr(row, "title")), None)
    if other is not None:
        raise TypeError(f"resources() returns a {type(other).__name__}: each must be a resource of troposphere")
    return {
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


Reason: TypeAlias = Literal["missing", "stale", "edited", "orphaned", "copied", "not rendered"]
"""Why a file is not what would be written.

`edited` was rendered and then changed by hand. `orphaned` was rendered from a blueprint that is gone, `copied` from one
that renders to another file. `not rendered` is a file of the user's own that has the name of a blueprint.
"""


@dataclass(frozen=True, slots=True)
class Staleness:
    """One file of the templates folder that is not what the blueprints render; `diff` leads from it to what they do."""

    name: str
    reason: Reason
    diff: str


def stale(rendered: Mapping[str, str], committed: Mapping[str, str], known: Collection[str] = ()) -> list[Staleness]:
    """Where the committed texts (file name to text) differ from the rendered ones, in the order of those.

    A left-over file is a copy where its blueprint is one of those that are `known`, whether or not it was rendered.
    """
    found = [_compared(name, committed.get(name), text) for name, text in rendered.items()]
    left = (name for name, text in sorted(committed.items()) if name not in rendered and header_of(text))
    names = {*known, *(file.removesuffix(".yaml") for file in rendered)}
    found += [_left_over(name, committed[name], names) for name in left]
    return [item for item in found if item is not None]


def hand_edit(committed: str, rendered: str) -> bool:
    """Whether writing `rendered` over a committed template would discard text that was written by hand."""
    header = header_of(committed)
    return committed != rendered and header_of(rendered) is not None and (header is None or header.edited)


def _compared(name: str, committed: str | None, rendered: str) -> Staleness | None:
    if committed == rendered:
        return None
    if committed is None:
        reason: Reason = "missing"
    elif not hand_edit(committed, rendered):
        reason = "stale"
    else:
        reason = "edited" if header_of(committed) else "not rendered"
    return Staleness(name, reason, _diff(name, committed, rendered))


def _left_over(name: str, committed: str, known: Collection[str]) -> Staleness:
    """A file with a header that no blueprint renders to: its blueprint is gone, or it is a copy of another file."""
    header = header_of(committed)
    copied = header is not None and header.blueprint in known
    return Staleness(name, "copied" if copied else "orphaned", _diff(name, committed, None))


def _diff(name: str, committed: str | None, rendered: str | None) -> str:
    old, new = (committed or "").splitlines(keepends=True), (rendered or "").splitlines(keepends=True)
    before = "/dev/null" if committed is None else f"templates/{name}"
    after = "/dev/null" if rendered is None else f"rendered/{name}"
    return "".join(unified_diff(old, new, before, after))
