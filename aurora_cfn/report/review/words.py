"""Texts that all formats share: values, titles, counts, levels."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

from aurora_cfn.model.change import CREATED, Change, Effect, Verdict
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.value import Value
from aurora_cfn.report.review.shared import InStacks, SharedChange, SharedTemplate, counts
from aurora_cfn.report.text import shown

SIGNS = {"add": "+", "modify": "~", "remove": "-", "rename": ">"}
_LONGEST = 120
"""Characters of a value at most; JSON has all."""
_MOST_STACKS = 8
"""Most stacks in one list; JSON has all."""
_LEAD = 30
"""Characters shown before the first difference of two long values."""
_IN_WORDS = {"aurora-cfn::Reference": "{}", "Ref": "Ref {}", "Fn::GetAtt": "GetAtt {}", "Fn::ImportValue": "Import {}"}

Level = Literal["error", "warning", "note"]


def level(change: Change, refused: bool) -> Level:
    """An error if refused, failing or losing data; a warning from interruption on and for alerts; else a note."""
    if refused or change.verdict is Verdict.DATA_LOSS or change.fails:
        return "error"
    return "warning" if change.outcome >= Verdict.INTERRUPTION or change.alert else "note"


def only_metadata(change: Change) -> bool:
    """Whether the change needs no details: only metadata changes, and no protection is weakened."""
    return change.outcome is Verdict.METADATA and not change.alert


def plain_addition(change: Change) -> bool:
    """Whether it is an added resource without other effects."""
    alone = change.kind == "add" and len(change.effects) == 1 and change.verdict > Verdict.METADATA
    return alone and not change.alert and change.effects[0].sentence == CREATED


def value_text(value: Value) -> str:
    """A value on one line, shortened; a dash for no value."""
    return _cut(_line(value))


def title(change: Change) -> str:
    """`~ DBCluster (AWS::RDS::DBCluster)`, `> Old -> New (...)`, `- output VpcId`."""
    kind = f" ({shown(change.type)})" if change.type else ""
    return f"{SIGNS[change.kind]} {name(change)}{kind}"


def name(change: Change) -> str:
    """`DBCluster`, `Old -> New`, `output VpcId`."""
    noun = {"Outputs": "output ", "Parameters": "parameter ", "Stack": "stack "}.get(change.section, "")
    arrow = f"{change.renamed_from} -> {change.logical_id}" if change.renamed_from else change.logical_id
    return shown(f"{noun}{arrow}")


def difference(effect: Effect) -> str:
    """`Properties.Port: 5432 -> 5433`, or only the key if the values are unknown."""
    if effect.before is None and effect.after is None:
        return shown(effect.key)
    if effect.before == effect.after:
        return f"{shown(effect.key)}: {value_text(effect.after)}"
    return f"{shown(effect.key)}: {' -> '.join(sides(effect))}"


def sides(effect: Effect) -> tuple[str, str]:
    """The values before and after, shortened so that their difference is seen."""
    before, after = _parted(_line(effect.before), _line(effect.after))
    return _cut(before), _cut(after)


def labels(effect: Effect) -> str:
    """`(perhaps, the update fails)`, or empty."""
    words = [word for word, on in (("perhaps", effect.maybe), ("the update fails", effect.fails)) if on]
    return f" ({', '.join(words)})" if words else ""


def counts_text(rows: Iterable[SharedChange]) -> str:
    """`1 data-loss, 2 in-place`, worst first, or `no changes`."""
    parts = [f"{count} {counted(verdict)}" for verdict, count in counts(rows).items() if count]
    return ", ".join(parts) or "no changes"


def heading(template: SharedTemplate) -> str:
    """`db-dev (templates/db.yaml)`, or `templates/db.yaml in db-dev, db-production` for several stacks."""
    first = template.stacks[0]
    if len(template.stacks) > 1:
        return f"{shown(template.path)} in {stack_names(template)}"
    return shown(first.name if first.name == template.path else f"{first.name} ({template.path})")


def stack_names(template: SharedTemplate, stacks: Sequence[StackReview] = ()) -> str:
    """The names of those stacks, by default of all stacks of the template; a long list is cut."""
    return _listed([shown(stack.name) for stack in stacks or template.stacks])


def where(row: SharedChange) -> str:
    """`production: replace; dev, uat: in-place`, or `only in dev`; empty if all stacks have the same verdict."""
    if len(row.verdicts) > 1:
        return "; ".join(f"{_labels(row.template, one.stacks)}: {label(one.what)}" for one in row.verdicts)
    return f"only in {_labels(row.template, row.stacks)}" if len(row.stacks) < len(row.template.stacks) else ""


def only(row: SharedChange, effect: InStacks[Effect]) -> str:
    """`in production`; empty if all stacks with the change have the effect."""
    return f"in {_labels(row.template, effect.stacks)}" if len(effect.stacks) < len(row.stacks) else ""


def _labels(template: SharedTemplate, stacks: Sequence[StackReview]) -> str:
    return _listed([shown(template.label(stack)) for stack in stacks])


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_STACKS} more" if len(names) > _MOST_STACKS else ""
    return ", ".join(names[:_MOST_STACKS]) + more


def label(verdict: Verdict) -> str:
    """The verdict, `DATA LOSS` in capitals, so that it stands out without colour."""
    return "DATA LOSS" if verdict is Verdict.DATA_LOSS else counted(verdict)


def counted(verdict: Verdict) -> str:
    """The verdict in words: `data-loss`, `not judged`."""
    return "not judged" if verdict is Verdict.NOT_JUDGED else verdict.word


def short_name(change: Change) -> str:
    """The name, of a resource or template with the changed keys: `DBCluster (DeletionPolicy)`."""
    keys = dict.fromkeys(effect.key for effect in change.effects if effect.key)
    if not keys or change.kind != "modify" or change.section not in {"Resources", "Template"}:
        return name(change)
    return shown(f"{name(change)} ({', '.join(keys)})")


def _line(value: Value) -> str:
    if value is None:
        return "-"
    return shown(value if isinstance(value, str) else _plain(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."


def _parted(before: str, after: str) -> tuple[str, str]:
    """Both texts without most of their common beginning, if the difference would be cut off."""
    pairs = zip(before, after, strict=False)
    alike = next((at for at, (left, right) in enumerate(pairs) if left != right), min(len(before), len(after)))
    if max(len(before), len(after)) <= _LONGEST or alike <= _LEAD:
        return before, after
    return f"...{before[alike - _LEAD :]}", f"...{after[alike - _LEAD :]}"


def _plain(value: Value) -> str:
    if isinstance(value, Mapping) and len(value) == 1:
        ((key, inner),) = value.items()
        if key in _IN_WORDS and isinstance(inner, str):
            return _IN_WORDS[key].format(inner)
        if key == "Fn::Join" and isinstance(inner, Sequence) and len(inner) == 2 and isinstance(inner[1], list):
            return "".join(part if isinstance(part, str) else "${" + _plain(part) + "}" for part in inner[1])
        if key == "Fn::FindInMap" and isinstance(inner, Sequence) and inner and isinstance(inner[0], Mapping):
            # A lookup whose key is not known: the values that it may reach, by key.
            return ", ".join(f"{one}: {_plain(item)}" for one, item in inner[0].items()) or "nothing in its mapping"
    return json.dumps(value, ensure_ascii=False)
