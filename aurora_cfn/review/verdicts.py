"""The effect of a difference: by the resource schema, by dated facts, and by functions for what neither says."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aurora_cfn.facts.effects import EffectRow
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.facts.stateful import replaced_by_sam
from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.value import Path as Keys
from aurora_cfn.review import data_outcome
from aurora_cfn.review.compare import Difference
from aurora_cfn.review.effect_rows import Found, row_of
from aurora_cfn.review.sam import is_sam
from aurora_cfn.review.special import SPECIALS, Context
from aurora_cfn.template.forms import intrinsic
from aurora_cfn.template.resource_schema import ResourceSchema, picked
from aurora_cfn.template.resources import Resource

# Logical ids by the source of AWS SAM: a stage has its name in it, a layer version a hash of all its properties.
_SAM_STAGES: Final = frozenset({"AWS::Serverless::Api", "AWS::Serverless::HttpApi"})
_SAM_LAYER: Final = "AWS::Serverless::LayerVersion"


def effect(
    before: Resource,
    after: Resource,
    difference: Difference,
    rules: ResourceSchema | None,
    offered: Offered = NOTHING_OFFERED,
) -> Effect:
    """What one difference in the properties does; the resource has the same type on both sides."""
    row = row_of(before, after, difference) if rules else None
    found = _by_schema(before, after, difference, rules, row)
    # A row with conditions is about these very values, so there is nothing more to say about them.
    for special in () if row and row.row.when else SPECIALS:
        extra = special(Context(before, after, difference, offered))
        if extra is not None:
            found = _both(found, extra)
    shown = difference.shown()
    return replace(found, key=dotted(("Properties", *difference.keys)), before=shown[0], after=shown[1])


def dotted(keys: Keys) -> str:
    """`Properties.Tags.Name`, list positions in brackets."""
    text = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys)
    return text.removeprefix(".")


def _by_schema(
    before: Resource, after: Resource, difference: Difference, rules: ResourceSchema | None, row: Found | None
) -> Effect:
    if rules is None and is_sam(after.type):
        return _by_sam(before, after, difference)
    # Custom resources and modules: their own code decides.
    if rules is None:
        return Effect(Verdict.IN_PLACE, "updated by its own provider; no public schema says how", maybe=True)
    # The schema comes first: what it calls create-only is replaced, whatever a dated row says.
    if any(_hits(pointer, difference) for pointer in rules.create_only):
        return _replacement(before, after, difference, _unsure(difference, rules), row)
    if difference.order_only and any(_hits(pointer, difference) for pointer in rules.conditional):
        return _replacement(before, after, difference, True, None)
    if row is not None and row.row.does in {"replace", "may-replace"}:
        maybe = row.maybe or row.row.does == "may-replace" or _unsure(difference, rules)
        return _replacement(before, after, difference, maybe, row)
    # conditionalCreateOnlyProperties: the schema does not say under which condition.
    if row is None and any(_hits(pointer, difference) for pointer in rules.conditional):
        return _replacement(before, after, difference, True, None)
    return _update(difference, rules, row)


def _by_sam(before: Resource, after: Resource, difference: Difference) -> Effect:
    if difference.top in replaced_by_sam(before.type):
        return _replacement(before, after, difference, difference.unsure, None)
    if before.type in _SAM_STAGES and difference.top == "StageName":
        # The API keeps its logical id, so what refers to it does not change.
        sentence = "StageName makes another stage and deletes the old one: its URL changes, the API itself stays"
        return Effect(Verdict.REPLACE, sentence, maybe=difference.unsure)
    if before.type == _SAM_LAYER:
        stays = before.properties.get("RetentionPolicy") != "Delete"
        sentence = f"another version of the layer is made, and the old one {'stays' if stays else 'is deleted'}"
        return Effect(Verdict.REPLACE, sentence, maybe=difference.unsure, replaces=True)
    sentence = "AWS SAM passes it on to the resources that it makes; what it changes in them is not seen from here"
    return Effect(Verdict.IN_PLACE, sentence, maybe=True)


def _replacement(before: Resource, after: Resource, difference: Difference, maybe: bool, row: Found | None) -> Effect:
    end = data_outcome.replaced(before, after)
    named = dotted(difference.keys)
    perhaps = "may replace" if maybe else "replaces"
    change = f"changing {named} {perhaps} it"
    if difference.follows:
        change = f"{', '.join(difference.reasons)}, so {named} changes, which {perhaps} this resource"
    more = f" ({row.row.says})" if row and row.row.says else ""
    remedies = (row.row.remedy if row else "", end.remedy)
    return Effect(
        verdict=end.verdict,
        sentence=f"{change}{more}: {end.sentence}",
        remedy="; ".join(dict.fromkeys(filter(None, remedies))),
        maybe=maybe,
        guarded=end.stateful,
        replaces=True,
    )


def _update(difference: Difference, rules: ResourceSchema, found: Found | None) -> Effect:
    if difference.order_only:
        return Effect(Verdict.IN_PLACE, "only the order changed, which means nothing to the service")
    # Also `Tags` of types whose schema does not say how they are tagged.
    if difference.top in {rules.tags, "Tags"}:
        return Effect(Verdict.METADATA, "tags are changed in place")
    end = "changes" if any("." in name for name in difference.follows) else "is replaced"
    why = f"follows {', '.join(difference.follows)}, which {end}" if difference.follows else ""
    if found is None:
        return Effect(Verdict.IN_PLACE, why or "updated in place", maybe=difference.maybe)
    return _by_row(found.row, why, maybe=found.maybe or difference.unsure)


_UNKNOWN = "updated in place; what it does is not known: it cannot be read back, and no public source says"


def _by_row(row: EffectRow, why: str, *, maybe: bool) -> Effect:
    says = row.says or (_UNKNOWN if row.does == "unknown" else "updated in place")
    fails = row.does in {"fails", "may-fail"}
    return Effect(
        Verdict.INTERRUPTION if row.does == "interruption" else Verdict.IN_PLACE,
        f"{why}: {says}" if why else says,
        remedy=row.remedy,
        maybe=row.does in {"may-fail", "unknown"} or (maybe and row.does != "in-place"),
        fails=fails,
        alert=row.alert or fails,
    )


def _hits(pointer: Keys, difference: Difference) -> bool:
    """Whether the difference lies in what the pointer means, or contains it."""
    keys = difference.keys
    shared = min(len(keys), len(pointer))
    if not all(want in ("*", key) for want, key in zip(pointer[:shared], keys[:shared], strict=True)):
        return False
    # The difference is above the pointer. Where a function makes the whole value, nothing below can be compared.
    rest = pointer[len(keys) :]
    if not rest or intrinsic(difference.before) or intrinsic(difference.after):
        return True
    return picked(difference.before, rest) != picked(difference.after, rest)


def _unsure(difference: Difference, rules: ResourceSchema) -> bool:
    """Replacement is not sure when the values may prove equal, when only order or only upper and lower case differ."""
    left, right = difference.before, difference.after
    lowered = difference.keys in rules.lowered and isinstance(left, str) and isinstance(right, str)
    same = lowered and str(left).lower() == str(right).lower()
    return difference.unsure or difference.order_only or same


def _both(first: Effect, second: Effect) -> Effect:
    """One effect out of two about the same difference: the worst verdict, the more special sentence first."""
    replaces = first.replaces
    sentence = f"{second.sentence}; {first.sentence}" if replaces else second.sentence
    return Effect(
        verdict=max(first.verdict, second.verdict),
        sentence=sentence,
        remedy="; ".join(dict.fromkeys(text for text in (second.remedy, first.remedy) if text)),
        # A certain loss of data does not get uncertain by a replacement that is.
        maybe=first.maybe and replaces and second.verdict < Verdict.DATA_LOSS,
        fails=first.fails or second.fails,
        alert=first.alert or second.alert,
        guarded=first.guarded or second.guarded,
        replaces=first.replaces or second.replaces,
    )
