"""AuroraRule: what every rule in `rules/` is; plain cfn-lint can run them too."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from weakref import WeakKeyDictionary

from cfnlint.rules import CloudFormationLintRule, RuleMatch

from aurora_cfn.facts import read_facts
from aurora_cfn.facts.offered import NOTHING_OFFERED, read_offered
from aurora_cfn.lint.found import Found
from aurora_cfn.lint.subject import DEFAULT_REGION
from aurora_cfn.lint.variant import Resource, Variant
from aurora_cfn.lint.variants import variants
from aurora_cfn.model.value import Path


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at a path; without `fix` or `source` those of the rule hold."""

    path: Path
    message: str
    fix: str = ""
    source: str = ""


class AuroraRule(CloudFormationLintRule):  # type: ignore[misc] # cfn-lint says nothing about its types
    """A rule about Aurora: a docstring, a fix, a source, and the method `look`.

    The first line of a rule's docstring is its title (cfn-lint's `shortdesc`), the rest says why (`description`), so
    neither is written twice. `fix` says what to write instead. `page` names the documentation behind the rule in
    facts/rule_pages.json, which has its address and the day on which it was read. `every_variant` rules look at each
    value that the template allows, the others at the given values and defaults only.
    """

    id: str = ""
    fix: ClassVar[str] = ""
    page: ClassVar[str] = ""
    checked: str = ""
    every_variant: ClassVar[bool] = True
    tags: ClassVar[list[str]] = ["resources", "rds", "aurora"]

    def __init__(self) -> None:
        super().__init__()
        title, _, reason = (inspect.getdoc(self) or "").partition("\n\n")
        self.shortdesc, self.description = title.removesuffix("."), " ".join(reason.split())
        if self.page:
            found = read_facts("rule_pages")["pages"][self.page]
            self.source_url, self.checked = found["url"], found["read"]
        self.config_definition = {name: {"default": "", "type": "string"} for name in ("today", "offered", "region")}

    def today(self) -> date:
        """The day that the caller gives, otherwise the day on which the facts were checked."""
        given = self.config.get("today")
        return date.fromisoformat(given or read_facts("engines")["as_of"])

    def look(self, variant: Variant) -> Iterator[Problem]:
        """Problems in one variant."""
        raise NotImplementedError

    def match(self, cfn: Any) -> list[RuleMatch]:
        """The problems as matches of cfn-lint."""
        asked = variants_of(cfn, self.config.get("offered", ""), self.config.get("region", ""))
        seen = [(problem, variant.change) for variant in asked[: self._variants()] for problem in self.look(variant)]
        return [
            RuleMatch(list(row.path), f"{row.message}: {row.fix or self.fix}", source=row.source or self.source_url)
            for row in _merged(seen)
        ]

    def _variants(self) -> int | None:
        return None if self.every_variant else 1


def _merged(seen: Sequence[tuple[Problem, str]]) -> Iterator[Problem]:
    """Every problem of the first variant, and for each further path one that says how many more values have it."""
    given = dict.fromkeys(problem for problem, change in seen if not change)
    yield from given
    places = {problem.path for problem in given}
    others: dict[Path, dict[Problem, None]] = {}
    for problem, change in seen:
        if change and problem.path not in places:
            row = replace(problem, message=f"{problem.message} {change}")
            others.setdefault(problem.path, {})[row] = None
    for first, *more in others.values():
        yield replace(first, message=f"{first.message} (and with {len(more)} other values)") if more else first


_VARIANTS: WeakKeyDictionary[Any, tuple[Variant, ...]] = WeakKeyDictionary()


def variants_of(cfn: Any, offered: str = "", region: str = "") -> Sequence[Variant]:
    """The variants of cfn-lint's template with the parameters it was given, made once for all rules."""
    if cfn not in _VARIANTS:
        sets = cfn.context.parameter_sets or []
        given = {name: value for row in sets for name, value in row.parameters.items()}
        # Plain cfn-lint always has a region: its default one does not mean that the stack will be there.
        asked = cfn.regions[0] if len(cfn.regions) == 1 and cfn.regions[0] != DEFAULT_REGION else None
        facts = read_offered(offered) if offered else NOTHING_OFFERED
        _VARIANTS[cfn] = variants(cfn.template, given, region=region or asked, offered=facts)
    return _VARIANTS[cfn]


def at(found: Found, message: str, fix: str = "") -> Problem:
    """A problem with a value, at the place where the value is written."""
    return Problem(found.path, message, fix)


def on(resource: Resource, message: str, fix: str = "") -> Problem:
    """A problem with a resource as a whole."""
    return Problem(resource.path, message, fix)
