"""Results of an evaluation, shared by all stacks with the same values."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Final, TypeVar

from aurora_cfn.template.entries import Entry, Uses
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.parsed import ParsedTemplate, kept

T = TypeVar("T")
_KEPT_VALUES: Final = 8
"""Sets of values that are kept for each set of parameters: what differs in every stack would only use up memory."""


def shared(evaluator: Evaluator, label: Hashable, evaluate: Callable[[Evaluator, Entry], T]) -> Callable[[Entry], T]:
    """`evaluate` with a cache: evaluators of the same template share the results under the same label.

    An entry has the same result wherever the parameters that it may depend on have the same values.
    """
    template = evaluator.side.template
    # Any other mapping may change, and with `distinct` equal values may decide conditions differently.
    if not isinstance(template, ParsedTemplate) or evaluator.distinct:
        return lambda entry: evaluate(evaluator, entry)
    # A side without lines, as the loader of params files makes it, gives every resource line 1.
    key = ("evaluated", label, bool(evaluator.side.lines))
    results: dict[Uses, OrderedDict[str, dict[str, T]]] = kept(template, key, dict)

    def found(entry: Entry) -> T:
        if entry.uses is None:
            return evaluate(evaluator, entry)
        rows = _rows(results.setdefault(entry.uses, OrderedDict()), evaluator.values_of(entry.uses.values))
        if entry.name not in rows:
            rows[entry.name] = evaluate(evaluator, entry)
        return rows[entry.name]

    return found


def _rows(of_values: OrderedDict[str, dict[str, T]], values: str) -> dict[str, T]:
    rows = of_values.setdefault(values, {})
    of_values.move_to_end(values)
    if len(of_values) > _KEPT_VALUES:
        of_values.popitem(last=False)
    return rows
