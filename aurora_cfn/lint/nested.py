"""Nested stacks whose template is a local file: their parameters, compared with those that the file declares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cfnlint.rules import Rules
from cfnlint.template import Template

from aurora_cfn.lint.subject import DEFAULT_REGION, Subject
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.resource_types import LOCATIONS
from aurora_cfn.model.value import member
from aurora_cfn.yamltext import Document

_PARAMETERS: Final = "E3043"


def nests_files(template: Any) -> bool:
    """Whether a nested stack of the template names a local file, so that the findings depend on that file too."""
    resources = member(template, "Resources")
    return isinstance(resources, Mapping) and any(map(_names_file, resources.values()))


def nested_findings(subject: Subject, document: Document, template: Any, rules: Rules) -> Iterator[Finding]:
    """cfn-lint's findings about the parameters of nested stacks; of all rules only this one needs the file's path."""
    if nests_files(template) and Path(subject.path).is_file():
        rule = rules[_PARAMETERS]
        for match in rule.match(Template(subject.path, template, [subject.region or DEFAULT_REGION])):
            key, line = "/".join(map(str, match.path)), document.line(tuple(match.path))
            yield Finding(rule.id, "error", match.message, subject.path, line, key=key, source=rule.source_url)


def _names_file(resource: Any) -> bool:
    found = member(resource, "Properties", LOCATIONS.get(str(member(resource, "Type")), ""))
    return isinstance(found, str) and not re.match(r"[a-z0-9]+://", found)
