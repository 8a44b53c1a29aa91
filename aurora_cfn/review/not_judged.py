"""Changes that only CloudFormation can work out: of macros, of loops over unknown lists, of SAM's Globals."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from aurora_cfn.facts.stateful import stateful_type
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.value import Path, Value, member
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.forms import masked
from aurora_cfn.template.nested import NestedSides
from aurora_cfn.template.side import Side
from aurora_cfn.template.transforms import NotJudged, not_judged

_SAM = "AWS::Serverless"
"""It makes resources of its own types and leaves all others as they are, so no database is in its reach."""
_OF_AWS = (_SAM, "AWS::SecretsManager", "AWS::CodeDeployBlueGreen", "AWS::ServiceCatalog")
"""Transforms whose resources are judged as they are written; they make no database of their own."""
_ASK = "look at `aurora-cfn diff --live`, which asks CloudFormation for a change set"


def unseen_changes(before: Evaluator, after: Evaluator) -> Iterator[Change]:
    """One change for each place whose macro, loop or Globals differ between the sides.

    The guard asks where a database is in reach of it. Nothing for a side that does not exist.
    """
    if not before.side.template or not after.side.template:
        return
    rows = dict.fromkeys((*not_judged(before.side), *not_judged(after.side)))
    for row in rows:
        left, right = (_written(row, side) for side in (before, after))
        if left != right:
            yield _change(row, before.side, after.side, masked(left), masked(right))
    left, right = (side.value(side.side.template.get("Globals") or {}) for side in (before, after))
    if left != right:
        yield _unseen("Globals", "what Globals change in the resources of SAM", after.side, ("Globals",), guarded=False)


def _written(row: NotJudged, evaluator: Evaluator) -> Value:
    """What makes the unknown part, in normal form: equal on both sides when nothing of it changed."""
    side = evaluator.side
    if row.kind == "transform":
        here = row in not_judged(side)
        # They leave what they do not own as it is written, so only adding or removing them changes anything unseen.
        if row.name.startswith(_OF_AWS):
            return str(here)
        parts = {name: part for name, part in side.template.items() if name not in {"Description", "Metadata"}}
        return {
            "template": evaluator.value(parts),
            "values": {name: evaluator.parameter(name) for name in side.section("Parameters")},
        }
    node: Value = side.template
    for key in row.path:
        if isinstance(node, Mapping):
            node = node.get(str(key))
        else:
            node = node[key] if isinstance(node, list) and isinstance(key, int) and key < len(node) else None
    key = "Fn::Transform" if row.kind == "macro" else row.name
    return evaluator.value(member(node, key))


def _change(row: NotJudged, before: Side, after: Side, left: Value, right: Value) -> Change:
    own = row.kind == "transform" and row.name.startswith(_SAM)
    guarded = not own and any(_reaches_a_database(row, side) for side in (before, after))
    place = ".".join(map(str, row.path)) or "the template"
    if row.kind == "transform":
        what = f"what the macro {row.name} makes of {'its own types' if own else 'the template'}"
        return _unseen("Transform", what, after, ("Transform",), guarded)
    what = f"what the loop {row.name}" if row.kind == "loop" else f"what the macro {row.name}"
    key = "Fn::Transform" if row.kind == "macro" else row.name
    name = str(row.path[1]) if len(row.path) > 1 else key if row.path in {(), ("Resources",)} else str(row.path[0])
    shown = (left, right) if row.kind == "macro" else (None, None)
    return _unseen(name, f"{what} makes in {place}", after, (*row.path, key), guarded, shown)


def _unseen(
    name: str, what: str, side: Side, path: Path, guarded: bool, shown: tuple[Value, Value] = (None, None)
) -> Change:
    line = side.line(path)
    effect = Effect(
        Verdict.INTERRUPTION,
        f"{what} is not seen offline, and it changes: anything may be added, replaced or removed there",
        key=".".join(map(str, path)),
        remedy=f"{_ASK}, then allow it by name" if guarded else _ASK,
        before=shown[0],
        after=shown[1],
        maybe=True,
        guarded=guarded,
        unseen=True,
        line=line,
    )
    return Change("modify", "Template", name, (effect,), stateful=guarded, path=side.path, line=line)


def _reaches_a_database(row: NotJudged, side: Side) -> bool:
    """Whether a resource with data is, or may be, among what the row makes."""
    entries = side.section("Resources")
    # A macro over the whole section may add anything.
    if row.kind == "macro" and row.path in {(), ("Resources",)}:
        return True
    if row.path[:1] == ("Resources",):
        return _holds_data(entries.get(str(row.path[1])) if len(row.path) > 1 else entries.get(row.name))
    if row.path[:1] == ("Conditions",):
        known = side.section("Conditions")
        chosen = [entry for entry in entries.values() if isinstance(entry, Mapping) and "Condition" in entry]
        return any(_holds_data(entry) for entry in chosen if str(entry["Condition"]) not in known)
    return row.path[:1] != ("Outputs",) and _holds_data(entries)


def _holds_data(node: Value) -> bool:
    """Whether a type that keeps data, or one that is not known, is anywhere below the node."""
    if isinstance(node, Mapping):
        kind = node.get("Type")
        row = stateful_type(kind) if isinstance(kind, str) else None
        if row is not None and row.keeps_data and not row.records:
            return True
        return any(map(_holds_data, node.values()))
    return isinstance(node, list) and any(map(_holds_data, node))


def blind_spots(*sides: Side) -> tuple[str, ...]:
    """A sentence for each part of the templates that only CloudFormation can work out, each once."""
    return tuple(dict.fromkeys(sentence for side in sides for sentence in _of(NestedSides(Evaluator(side)))))


def _of(nested: NestedSides) -> Iterator[str]:
    side = nested.evaluator.side
    found = not_judged(side)
    names = ", ".join(row.name for row in found if row.kind == "transform")
    if names:
        yield f"not seen offline: what the transform {names} makes of the template (diff --live asks CloudFormation)"
    yield from (_sentence(row) for row in found if row.kind != "transform")
    for name in nested.names:
        inside = nested.below(name)
        # Also under the same TemplateURL: the file behind it may have changed.
        if inside is None:
            yield f"not seen offline: what is inside of the nested stack {name}"
        else:
            yield from (f"{name}: {sentence}" for sentence in _of(inside))


def _sentence(row: NotJudged) -> str:
    place = ".".join(map(str, row.path)) or "the template"
    if row.kind == "loop":
        return f"not seen offline: what {row.name} makes in {place}, as its list is not known"
    return f"not seen offline: what the macro {row.name} makes in {place}"
