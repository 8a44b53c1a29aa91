"""Why a property changed although its own line did not: the parameters and mappings behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aurora_cfn.model.value import Value, member
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import masked, uncertain
from aurora_cfn.template.mentions import behind


@dataclass(slots=True)
class Causes:
    """What changed in the sections that properties are made of, and which places use it."""

    before: Evaluator
    after: Evaluator
    changed: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.changed = {**parameter_changes(self.before, self.after), **self._mapping_changes()}

    def of(self, section: str, logical_id: str, *keys: str) -> tuple[str, ...]:
        """Sentences for everything that changed behind that place of the templates; empty when nothing did."""
        if not self.changed:
            return ()
        # Of both sides: a parameter may be used in the old template only.
        used: set[str] = set()
        for evaluator in (self.before, self.after):
            raw: Value = evaluator.side.section(section).get(logical_id)
            # Raw, not evaluated: only the text names the parameters and mappings behind a value.
            places = [member(raw, *keys), {"Condition": member(raw, "Condition")}]
            used |= behind(places, evaluator.side.section("Conditions"))
        return tuple(sentence for name, sentence in self.changed.items() if name in used)

    def _mapping_changes(self) -> dict[str, str]:
        before, after = self.before.side.section("Mappings"), self.after.side.section("Mappings")
        names = [name for name in after if name in before and before[name] != after[name]]
        return {name: f"mapping {name} changed" for name in names}


def parameter_changes(before: Evaluator, after: Evaluator) -> dict[str, str]:
    """Parameters whose value differs between the sides, each with a sentence: `parameter X: 2 to 4`."""
    found = {}
    for name in after.side.section("Parameters"):
        if name not in before.side.section("Parameters"):
            continue
        left, right = before.parameter(name), after.parameter(name)
        if left != right:
            found[name] = f"parameter {name}: {brief(left)} to {brief(right)}"
    return found


def brief(value: Value) -> str:
    """A value in a few words, secrets masked."""
    shown = masked(value)
    if uncertain(shown):
        inner = next(iter(shown.values()), None) if isinstance(shown, Mapping) else None
        # The sentence names an unknown parameter already.
        return f"({inner})" if isinstance(inner, str) and not inner.startswith("parameter ") else "(unknown)"
    if isinstance(shown, list):
        return ",".join(map(str, shown)) or "(empty)"
    return str(shown) or "(empty)"
