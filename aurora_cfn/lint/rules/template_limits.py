"""Rules about the template as a text: quotas of CloudFormation, and YAML that it does not read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

from cfnlint.rules import RuleMatch

from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.variant import Variant
from aurora_cfn.model.value import member
from aurora_cfn.template.parsed import section_of

# Where no other source is named: quotas of CloudFormation, read 2026-11-28; none of them can be raised.
_ENTRIES: Final = {"Parameters": 200, "Mappings": 200}
_DESCRIPTION_BYTES: Final = 1024
_DEFAULT_BYTES: Final = 4096
_DYNAMIC_REFERENCES: Final = 60
# The length as the AWS CDK checks it; the characters from CloudFormation's own refusal.
_EXPORT_NAME: Final = 255
_EXPORT_SIGNS: Final = re.compile(r"[A-Za-z0-9:-]*")
# CloudFormation's refusal: "Max length of 1024 exceeded" (coverage roadmap, issue 685). Other outputs have no limit.
_EXPORT_VALUE: Final = 1024
_TAG_KEY: Final = 128  # CloudFormation API reference, Tag


class TemplateQuotas(AuroraRule):
    """A template over a quota of CloudFormation.

    CloudFormation refuses the template, or fails at the export or the tag after everything was created. cfn-lint
    counts resources, outputs and characters, but neither parameters nor bytes nor what an export takes.
    """

    id = "E9076"
    fix = "leave some out, or divide the template into nested stacks"
    page = "cloudformation-limits"
    every_variant = False
    tags: ClassVar[list[str]] = ["parameters", "outputs", "mappings"]

    def look(self, variant: Variant) -> Iterator[Problem]:
        template = variant.template
        for name, most in _ENTRIES.items():
            count = len(section_of(template, name))
            if count > most:
                yield Problem((name,), f"the template has {count} {name.lower()}, and CloudFormation takes {most}")
        yield from _long(template.get("Description"), _DESCRIPTION_BYTES, ("Description",), "the description")
        for name, row in section_of(template, "Parameters").items():
            place = ("Parameters", name, "Default")
            yield from _long(member(row, "Default"), _DEFAULT_BYTES, place, f"the default of {name}")
        yield from _outputs(template)
        yield from _resources(template)


def _outputs(template: Mapping[str, Any]) -> Iterator[Problem]:
    for name, output in section_of(template, "Outputs").items():
        if not isinstance(output, Mapping):
            continue
        place = ("Outputs", name)
        described = output.get("Description")
        yield from _long(described, _DESCRIPTION_BYTES, (*place, "Description"), f"the description of {name}")
        export = output.get("Export")
        if isinstance(export, Mapping):
            yield from _export_name((*place, "Export", "Name"), _written(export.get("Name")))
            value = sum(map(len, _written(output.get("Value"))))
            if value > _EXPORT_VALUE:
                what = f"the exported value of {name} has {value:,} characters, and an export takes {_EXPORT_VALUE:,}"
                yield Problem((*place, "Value"), what, "export less, or leave Export out: other outputs may be longer")


def _export_name(path: tuple[str, ...], parts: list[str]) -> Iterator[Problem]:
    length = sum(map(len, parts))
    if length > _EXPORT_NAME:
        what = f"the name of the export has {length} characters, and CloudFormation takes {_EXPORT_NAME}"
        yield Problem(path, what, "shorten it")
    wrong = next((part for part in parts if not _EXPORT_SIGNS.fullmatch(part)), "")
    if wrong:
        what = f"the name of the export holds {wrong!r}, and CloudFormation takes letters, digits, colons and hyphens"
        yield Problem(path, what, "use no other characters")


def _resources(template: Mapping[str, Any]) -> Iterator[Problem]:
    found: set[str] = set()
    for name, resource in section_of(template, "Resources").items():
        found.update(_dynamic_references(member(resource, "Properties")))
        # Tags as a mapping, such as those of API Gateway: cfn-lint checks their keys only in lists.
        tags = member(resource, "Properties", "Tags")
        for key in tags if isinstance(tags, Mapping) else ():
            if len(key) > _TAG_KEY:
                what = f"the key of the tag has {len(key)} characters, and AWS takes {_TAG_KEY}"
                yield Problem(("Resources", name, "Properties", "Tags", key), what, "shorten it")
    # Equal ones count once: whether CloudFormation counts them again is not documented.
    if len(found) > _DYNAMIC_REFERENCES:
        what = f"the template has {len(found)} dynamic references, and CloudFormation takes {_DYNAMIC_REFERENCES}"
        yield Problem(("Resources",), what)


def _long(text: Any, most: int, path: tuple[str, ...], what: str) -> Iterator[Problem]:
    """A problem with a text of more bytes than `most`, but not with one of more characters: that one is cfn-lint's."""
    size = len(text.encode()) if isinstance(text, str) and len(text) <= most else 0
    if size > most:
        yield Problem(path, f"{what} has {size:,} bytes in UTF-8, and CloudFormation takes {most:,}", "shorten it")


def _written(value: Any) -> list[str]:
    """The parts of a text that are written in the template, without what Ref and others put between them."""
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Mapping) or len(value) != 1:
        return []
    ((name, inner),) = value.items()
    if name == "Fn::Sub":
        text = inner[0] if isinstance(inner, list) and inner else inner
        return re.split(r"\$\{[^}]*\}", text) if isinstance(text, str) else []
    if name == "Fn::Join" and isinstance(inner, list) and len(inner) == 2 and isinstance(inner[1], list):
        return [part for item in inner[1] for part in _written(item)]
    return []


def _dynamic_references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from re.findall(r"\{\{resolve:[^}]*(?:\$\{[^}]*\}[^}]*)*\}\}", value)
    elif isinstance(value, Mapping | list):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _dynamic_references(item)


class Aliases(AuroraRule):
    """CloudFormation refuses YAML aliases and merge keys.

    It refuses the template before it reads a resource. `aws cloudformation package` and SAM write aliases out before
    they send a template; `aurora-cfn deploy` sends what is committed and reviewed. This rule takes the place of
    cfn-lint's W1100 and W1101.
    """

    id = "E9077"
    fix = "write it out with `aurora-cfn render --resolve FILE`, which keeps the comments"
    page = "template-formats"
    every_variant = False
    tags: ClassVar[list[str]] = ["yaml"]

    def match(self, cfn: Any) -> list[RuleMatch]:
        """One match for each alias, from the text: the template as it was read no longer has them."""
        return [
            RuleMatch(
                list(alias.path),
                f"CloudFormation refuses the YAML alias *{alias.name}: {self.fix}",
                location=(
                    alias.start_mark.line,
                    alias.start_mark.column,
                    alias.end_mark.line,
                    alias.end_mark.column,
                ),
            )
            for alias in cfn.yaml_aliases
        ]

    def look(self, _variant: Variant) -> Iterator[Problem]:
        """Nothing: aliases are found in the text, by `match`."""
        yield from ()
