"""A template's Rules, so that what CloudFormation would refuse is refused offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.model.value import Value
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.mentions import mentioned


@dataclass(frozen=True, slots=True)
class Assertion:
    """One assertion of a rule; `condition` is None when the rule always counts, `why` its own words."""

    expression: Value
    condition: Value
    why: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters that it is about, in alphabetical order."""
        return tuple(sorted({*mentioned(self.condition), *mentioned(self.expression)}))

    def refuses(self, evaluator: Evaluator) -> bool:
        """Whether the rule certainly applies and the assertion is certainly false."""
        if self.condition is not None and evaluator.truth(self.condition) is not True:
            return False
        return evaluator.truth(self.expression) is False


def assertions(rules: Mapping[str, Value]) -> Iterator[Assertion]:
    """The assertions of a Rules section; malformed rules are left out."""
    for rule in rules.values():
        rows = rule.get("Assertions") if isinstance(rule, Mapping) else None
        for row in rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ():
            if isinstance(rule, Mapping) and isinstance(row, Mapping):
                why = str(row.get("AssertDescription", "a rule of the template refuses it"))
                yield Assertion(row.get("Assert"), rule.get("RuleCondition"), why)
