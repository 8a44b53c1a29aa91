"""Rules that are nothing but conditions on properties: a class for each entry of `facts/property_rules.json`."""

from __future__ import annotations

from collections.abc import Iterator

from aurora_cfn.facts.refusals import PropertyRule, property_rules
from aurora_cfn.lint.refusals import combination_problems
from aurora_cfn.lint.rule import AuroraRule, Problem
from aurora_cfn.lint.world import World


def _rule(entry: PropertyRule) -> type[AuroraRule]:
    def look(_: AuroraRule, world: World) -> Iterator[Problem]:
        for resource in world.resources(*entry.rows):
            for row in entry.rows[resource.type]:
                yield from combination_problems(resource, row)

    body = {
        "__doc__": f"{entry.title}.\n\n{entry.why}",
        "id": entry.id,
        "fix": entry.fix,
        "source_url": entry.source.url,
        "checked": entry.source.checked,
        "every_world": entry.every_world,
        "tags": list(entry.tags),
        "look": look,
    }
    return type(entry.id, (AuroraRule,), body)


# cfn-lint finds rules as classes among the names of the modules in this folder.
globals().update({entry.id: _rule(entry) for entry in property_rules()})
