"""What is replaced in the rules of cfn-lint, under the conditions that `faster_cfn_lint` names.

cfn-lint 1.58 walks tables of several megabytes again for each RDS instance and asks some hundred rules at each place of
a template whether it is theirs. It solves all conditions of a resource to compare it with others of its type, also
where there is none: a third of the time for a template with a cluster.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any, Final

from cfnlint.jsonschema._utils import Unset
from cfnlint.rules import Rules
from cfnlint.template import Template

LONG_TABLE: Final = 10
"""Entries of a schema's `allOf` from which on sorting them by engine pays."""


def narrow(rules: Rules) -> None:
    """Let rules look only at what they can find something in.

    Those with a long table: at the entries for the engine of the instance at hand. E1101: at the rules for the place in
    the template. E3019: at resources whose identifiers may be equal.
    """
    for rule in rules.values():
        entries = (getattr(rule, "_schema", None) or {}).get("allOf", ())
        if len(entries) > LONG_TABLE and any(_engine(entry) for entry in entries):
            rule.validate = _narrowed(rule, rule.validate, _by_engine(entries))
    keywords: Any = rules["E1101"]
    keywords.cfnLint = _by_keyword(keywords)
    unique: Any = rules["E3019"]
    unique._validate_resource_type_uniqueness = _identified(unique._validate_resource_type_uniqueness)


def _by_keyword(rule: Any) -> Callable[..., Iterator[Any]]:
    """E1101 that looks up the rules of a place in the template, instead of asking each of some hundred rules."""
    children: dict[str, Any] = {}
    known: defaultdict[str, list[Any]] = defaultdict(list)

    def by_keyword(validator: Any, keywords: Sequence[str], instance: Any, schema: Any) -> Iterator[Any]:
        nonlocal children
        if children != rule.child_rules:  # which are disabled differs between templates
            children = dict(rule.child_rules)
            known.clear()
            for child in filter(None, children.values()):
                for keyword in child.keywords if child.id else ():
                    known[keyword].append(child)
        found = [(child, keyword) for keyword in keywords for child in known.get(keyword, ())]
        if found:
            validator = validator.evolve(function_filter=validator.function_filter.evolve(add_cfn_lint_keyword=False))
        for child, keyword in found:
            for error in child.validate(validator, keyword, instance, schema):
                if error.rule is None and isinstance(error.validator, Unset):
                    error.rule = child
                yield error

    return by_keyword


def _identified(validate: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """E3019's comparison of the resources of a type, only where the identifiers of two of them may be equal.

    It solves all conditions below the properties of each resource, also of one that has no other to be equal to.
    """

    def identified(cfn: Template, resource_type: str, names: Sequence[str]) -> list[Any]:
        written = [
            {name: row.get(name, row if "Fn::If" in row else None) for name in names}
            for resource in cfn.get_resources(resource_type).values()
            if isinstance(row := resource.get("Properties"), dict)
        ]
        written = [row for row in written if None not in row.values()]
        conditional = len(written) > 1 and "Fn::If" in str(written)
        # Compared as texts, which are as many comparisons as there are resources.
        if conditional or len({json.dumps(row, sort_keys=True, default=str) for row in written}) < len(written):
            return validate(cfn, resource_type, names)
        return []

    return identified


def _by_engine(entries: Sequence[Any]) -> Callable[[str], list[Any]]:
    @cache
    def entries_of(engine: str) -> list[Any]:
        return [entry for entry in entries if _engine(entry) in (None, engine)]

    return entries_of


def _engine(entry: Any) -> str | None:
    """The one engine that an entry is about, None for one that may be about others or has an `else`."""
    condition = entry.get("if", {}) if isinstance(entry, dict) and "else" not in entry else {}
    if "Engine" not in condition.get("required", ()):
        return None
    found = condition.get("properties", {}).get("Engine", {}).get("const")
    return found if isinstance(found, str) else None


def _narrowed(
    rule: Any, validate: Callable[..., Iterator[Any]], entries_of: Callable[[str], list[Any]]
) -> Callable[..., Iterator[Any]]:
    whole = rule._schema

    def narrowed(validator: Any, keywords: Any, instance: Any, schema: Any) -> Iterator[Any]:
        engine = instance.get("Engine") if validator.is_type(instance, "object") else None
        # An engine that a function gives may be any.
        rule._schema = {**whole, "allOf": entries_of(engine.lower())} if isinstance(engine, str) else whole
        try:
            yield from validate(validator, keywords, instance, schema)
        finally:
            rule._schema = whole

    return narrowed
