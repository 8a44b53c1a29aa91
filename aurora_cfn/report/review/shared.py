"""The changes that several stacks of one template have in common, each once, with its stacks."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from aurora_cfn.model.change import Change, Effect, Refusal, Verdict, weight
from aurora_cfn.model.review import Compared, Review, StackReview

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)
Stacks = tuple[StackReview, ...]


@dataclass(frozen=True, slots=True)
class InStacks(Generic[T]):
    """A change, effect, verdict, note or refusal, and the stacks that have it, in reading order."""

    what: T
    stacks: Stacks


@dataclass(frozen=True, slots=True)
class SharedChange:
    """One change of a template; `change` has the effects of all stacks, worst first, each once."""

    change: Change
    template: SharedTemplate
    effects: tuple[InStacks[Effect], ...]
    verdicts: tuple[InStacks[Verdict], ...]

    @property
    def stacks(self) -> Stacks:
        """The stacks that have the change, those with the worst verdict first."""
        return tuple(stack for row in self.verdicts for stack in row.stacks)

    @property
    def refused(self) -> bool:
        """Whether the guard refuses it in one of them."""
        return any(refuses(stack, self.change) for stack in self.stacks)


@dataclass(frozen=True, slots=True)
class SharedTemplate:
    """The stacks of one template that were compared by the same method."""

    path: str
    compared: Compared
    stacks: Stacks
    _environments: Mapping[str, int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_environments", Counter(one.environment for one in self.stacks))

    def changes(self) -> tuple[SharedChange, ...]:
        """Every change once, worst first."""
        rows = _gathered((change.entry, stack, change) for stack in self.stacks for change in stack.changes)
        return tuple(sorted((self._shared(pairs) for pairs in rows), key=_rank))

    def notes(self) -> tuple[InStacks[str], ...]:
        """Every note once."""
        return _once((stack, note) for stack in self.stacks for note in stack.notes)

    def refusals(self) -> tuple[InStacks[Refusal], ...]:
        """Every refusal once."""
        return _once((stack, refusal) for stack in self.stacks for refusal in stack.refusals)

    def label(self, stack: StackReview) -> str:
        """The stack's environment if no other stack of the template is in it, else the stack's name."""
        alone = stack.environment and self._environments[stack.environment] == 1
        return stack.environment if alone else stack.name

    def _shared(self, pairs: Sequence[tuple[StackReview, Change]]) -> SharedChange:
        first = pairs[0][1]
        unsorted = _once_by_equality((stack, effect) for stack, change in pairs for effect in change.effects)
        effects = tuple(sorted(unsorted, key=lambda row: weight(row.what)))
        verdicts = _once((stack, change.outcome) for stack, change in pairs)
        whole = replace(
            first,
            effects=tuple(row.what for row in effects),
            stateful=any(change.stateful for _, change in pairs),
        )
        return SharedChange(whole, self, effects, tuple(sorted(verdicts, key=lambda row: -row.what)))


def shared(review: Review) -> tuple[SharedTemplate, ...]:
    """The templates in the order of their first stacks."""
    rows = _gathered(((stack.template, stack.compared, not stack.environment), stack, stack) for stack in review.stacks)
    stacks = [tuple(stack for stack, _ in pairs) for pairs in rows]
    return tuple(SharedTemplate(row[0].template, row[0].compared, row) for row in stacks)


def shared_changes(review: Review) -> tuple[SharedChange, ...]:
    """Every change of the review once, worst first over all templates."""
    return tuple(sorted((one for template in shared(review) for one in template.changes()), key=_rank))


def shared_refusals(review: Review) -> tuple[tuple[SharedTemplate, InStacks[Refusal]], ...]:
    """Every refusal once, with its template."""
    return tuple((template, row) for template in shared(review) for row in template.refusals())


def counts(rows: Iterable[SharedChange]) -> dict[Verdict, int]:
    """Number of changes by verdict, worst first, with zeros; a change counts by its worst outcome."""
    found = Counter(one.change.outcome for one in rows)
    return {verdict: found[verdict] for verdict in sorted(Verdict, reverse=True)}


def refuses(stack: StackReview, change: Change) -> bool:
    """Whether the guard refuses that change in the stack."""
    return any(one.logical_id == change.destroyed_id for one in stack.refusals)


def _rank(row: SharedChange) -> tuple[int, bool, bool, bool]:
    return row.change.rank


def _gathered(rows: Iterable[tuple[Hashable, StackReview, T]]) -> Iterator[list[tuple[StackReview, T]]]:
    """The rows grouped by key, in the order of the first row of each."""
    found: dict[Hashable, list[tuple[StackReview, T]]] = {}
    for key, stack, what in rows:
        found.setdefault(key, []).append((stack, what))
    yield from found.values()


def _once(rows: Iterable[tuple[StackReview, H]]) -> tuple[InStacks[H], ...]:
    pairs = _gathered((what, stack, what) for stack, what in rows)
    return tuple(InStacks(group[0][1], tuple(stack for stack, _ in group)) for group in pairs)


def _once_by_equality(rows: Iterable[tuple[StackReview, Effect]]) -> tuple[InStacks[Effect], ...]:
    """As `_once`, for effects, which are not hashable: their values may be lists."""
    found: list[tuple[Effect, list[StackReview]]] = []
    alike: dict[str, list[tuple[Effect, list[StackReview]]]] = {}
    for stack, effect in rows:
        text = json.dumps((effect.key, effect.sentence, effect.before, effect.after), sort_keys=True, default=str)
        candidates = alike.setdefault(text, [])
        stacks = next((stacks for other, stacks in candidates if other == effect), None)
        if stacks is None:
            found.append((effect, [stack]))
            candidates.append(found[-1])
        elif stacks[-1] is not stack:
            stacks.append(stack)
    return tuple(InStacks(effect, tuple(stacks)) for effect, stacks in found)
