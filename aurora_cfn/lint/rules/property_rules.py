"""Rules that are tables: bounds of values, and a class for each entry of `facts/property_rules.json`."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.refusals import PropertyRule, property_rules, value_rows
from aurora_cfn.lint.refusals import combination_problems, value_problems
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.variant import Variant


def _rule(entry: PropertyRule) -> type[AuroraRule]:
    def look(_: AuroraRule, variant: Variant) -> Iterator[Problem]:
        for resource in variant.resources(*entry.rows):
            for row in entry.rows[resource.type]:
                yield from combination_problems(resource, row)

    body = {
        "__doc__": f"{entry.title}.\n\n{entry.why}",
        "id": entry.id,
        "fix": entry.fix,
        "source_url": entry.source.url,
        "checked": entry.source.checked,
        "every_variant": entry.every_variant,
        "tags": list(entry.tags),
        "look": look,
    }
    return type(entry.id, (AuroraRule,), body)


# cfn-lint finds rules as classes among the names of the modules in this folder.
globals().update({entry.id: _rule(entry) for entry in property_rules()})


class RefusedValue(AuroraRule):
    """A value that the API of the service refuses.

    Numbers, lengths, characters and choices that the API documents and the CloudFormation schema leaves open: the
    change set is accepted, and the deployment fails. The page behind each bound is the finding's source.
    """

    id = "E9060"
    fix = "use a value that the API accepts"
    page = "Welcome"

    def look(self, variant: Variant) -> Iterator[Problem]:
        rows = value_rows()
        for resource in variant.resources(*rows):
            for row in rows[resource.type]:
                # Two parameters cannot be compared in a template: rows with conditions are checked with given values.
                if not (row.when and variant.change):
                    yield from value_problems(resource, row)
