"""Every shipped template, property by property, against the schema: no crash, and the schema's verdict."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aurora_cfn.facts.effects import effect_rows, plain_row
from aurora_cfn.facts.stateful import stateful_types
from aurora_cfn.model.change import Verdict
from aurora_cfn.model.value import Path as Keys
from aurora_cfn.review.changes import changes
from aurora_cfn.review.compare import leaves
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.resource_schema import ResourceSchema, schema
from aurora_cfn.template.resources import Resource, resources
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template
from tests.review.sides import of

FILES = sorted((Path(__file__).parents[2] / "templates").glob("*.yaml"))
SAMPLES: dict[str, tuple[Any, Any]] = {
    "boolean": (False, True),
    "integer": (1, 2),
    "number": (1, 2),
    "array": (["a"], ["b"]),
    "object": ({"Mutated": "a"}, {"Mutated": "b"}),
    "string": ("a", "b"),
}


def shipped(path: Path) -> Side:
    document = read_template(path.read_text(), path.name)
    return Side(template_of(document, path.name), lines=document.lines, path=path.name)


def sample(rules: ResourceSchema, name: str) -> tuple[Any, Any]:
    kind = rules.shape((name,)).get("type", "string")
    kind = kind if isinstance(kind, str) else next(iter(kind))
    return SAMPLES.get(kind, SAMPLES["string"])


def nested(keys: Keys, value: Any) -> Any:
    for key in reversed(keys):
        value = [value] if key == "*" else {key: value}
    return value


def single(resource: Resource, properties: Any) -> Side:
    entry = {"Type": resource.type, "Properties": properties, **resource.attributes}
    return Side({"Resources": {resource.logical_id: entry}})


def expected(resource: Resource, rules: ResourceSchema, keys: Keys) -> tuple[Verdict, Verdict]:
    """The lowest and the highest verdict that the schema and the dated facts leave."""
    if keys in rules.create_only:
        return Verdict.REPLACE, Verdict.DATA_LOSS
    if keys in rules.conditional:
        rows = effect_rows(resource.type, str(keys[0]))
        judged = any(row.does not in {"replace", "may-replace"} for row in rows)
        return Verdict.IN_PLACE if judged else Verdict.REPLACE, Verdict.DATA_LOSS
    if keys[0] in {rules.tags, "Tags"}:
        return Verdict.METADATA, Verdict.METADATA
    row = plain_row(resource.type, str(keys[0]))
    stops = row is not None and row.does == "interruption" and len(effect_rows(resource.type, str(keys[0]))) == 1
    low = Verdict.INTERRUPTION if stops else Verdict.IN_PLACE
    facts = stateful_types().get(resource.type)
    kept = facts is not None and keys[0] in {facts.retention, facts.restored_from}
    return low, Verdict.DATA_LOSS if kept else Verdict.INTERRUPTION


def mutations(resource: Resource, rules: ResourceSchema) -> Iterator[tuple[Keys, Any, Any]]:
    """Each settable property changed, added and taken away; each nested pointer of the schema changed."""
    read_only = {keys[0] for keys in rules.read_only if len(keys) == 1}
    for name in rules.properties:
        if name not in read_only:
            low, high = sample(rules, name)
            rest = {key: value for key, value in resource.properties.items() if key != name}
            yield (name,), {**rest, name: low}, {**rest, name: high}
            yield (name,), rest, {**rest, name: high}
            yield (name,), {**rest, name: high}, rest
    for keys in (*rules.create_only, *rules.conditional):
        if len(keys) > 1:
            rest = {key: value for key, value in resource.properties.items() if key != keys[0]}
            yield keys, {**rest, **nested(keys, "a")}, {**rest, **nested(keys, "b")}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_property_of_every_resource_gets_the_schema_verdict(path: Path) -> None:
    cases = 0
    for resource in resources(Evaluator(shipped(path))).values():
        rules = schema(resource.type)
        for keys, before, after in mutations(resource, rules) if rules else ():
            assert rules is not None
            found = changes(single(resource, before), single(resource, after))
            change = of(found, resource.logical_id)
            key = ".".join(["Properties", *(str(part) for part in keys)]).partition(".*")[0]
            touched = [effect for effect in change.effects if effect.key.startswith(key)]
            low, high = expected(resource, rules, keys)
            worst = max(effect.verdict for effect in touched)
            assert low <= worst <= high, (resource.type, keys, touched)
            cases += 1
    assert cases > 0


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_written_leaf_can_change_in_the_whole_template(path: Path) -> None:
    before = shipped(path)
    entries: dict[str, Any] = dict(before.section("Resources"))
    # One leaf of each resource at a time: as many reviews as the largest has leaves, not as all have.
    mutated = {name: [*mutants(entry)] for name, entry in entries.items()}
    for number in range(max(map(len, mutated.values()))):
        touched = {name: rows[number] for name, rows in mutated.items() if number < len(rows)}
        found = changes(before, Side({**before.template, "Resources": {**entries, **touched}}))
        assert all(change.effects for change in found)
        assert not any(change.kind == "remove" for change in found)


def test_the_cases_are_thousands() -> None:
    total = 0
    for path in FILES:
        for resource in resources(Evaluator(shipped(path))).values():
            rules = schema(resource.type)
            total += len(list(mutations(resource, rules))) if rules else 0
    assert total > 1000 * min(len(FILES), 3)


def mutants(entry: Any) -> Iterator[Any]:
    for keys, value in leaves(entry.get("Properties", {})):
        yield replaced(entry, keys, "mutated" if value != "mutated" else "again")


def replaced(value: Any, keys: Keys, leaf: Any) -> Any:
    """A copy with another leaf; the first key is inside Properties."""

    def inner(node: Any, rest: Keys) -> Any:
        if not rest:
            return leaf
        if isinstance(node, dict):
            return {**node, rest[0]: inner(node[rest[0]], rest[1:])}
        return [inner(item, rest[1:]) if index == rest[0] else item for index, item in enumerate(node)]

    return {**value, "Properties": inner(value["Properties"], keys)}
