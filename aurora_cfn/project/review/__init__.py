"""The review of the changes between two revisions of the repository."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.change import Change, Effect, Verdict
from aurora_cfn.model.review import Panel, Review, StackReview
from aurora_cfn.project.files import TEMPLATES
from aurora_cfn.project.git import Revision
from aurora_cfn.project.review.costs import cost_panels
from aurora_cfn.project.review.environments import (
    environment_reviews,
    split_templates,
    still_refused,
    touched_environments,
)
from aurora_cfn.project.review.revision import (
    compared,
    environment_side,
    is_changed,
    is_template,
    nesting,
    old_side_of,
    side_of,
)
from aurora_cfn.project.templates import template_name
from aurora_cfn.review.allowances import needless
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.imports import Imports, imports
from aurora_cfn.review.not_judged import blind_spots
from aurora_cfn.template.side import EMPTY, Side


def reviewed(
    before: Revision, after: Revision, envs: Sequence[str], allow: Sequence[str], today: date, tried: Sequence[str] = ()
) -> Review:
    """The review of these environments; without any, of all that the change touches and of templates without stack.

    `allow` and `tried` are the values of --allow-replace and --try-anyway. Raises InputError for what cannot be read.
    """
    names = tuple(dict.fromkeys(envs)) or touched_environments(before, after)
    stacks: list[StackReview] = []
    panels: list[Panel] = []
    notes: list[str] = []
    for name in names:
        left, right = environment_side(before, name, lenient=True), environment_side(after, name)
        stacks += environment_reviews(left, right, name, Consent(allow, tried, today))
        panels += cost_panels(left, right, name)
        notes += left.notes if left else ()
    if not envs:
        templates = list(_templates(before, after, Consent(allow, tried, today)))
        alone, more = split_templates(templates, stacks, partial(_nests, before, after))
        stacks, notes = [*alone, *stacks], [*notes, *more]
    notes += [f"--allow-replace {one}: nothing of that name needs it" for one in needless(allow, stacks)]
    return Review(before.label, after.label, tuple(stacks), tuple(notes), tuple(panels))


_NO_TEMPLATES = "review reads templates/ and params/ alone; see: aurora-cfn docs moving-over"


def _templates(before: Revision, after: Revision, consent: Consent) -> Iterator[StackReview]:
    """The changed templates with their defaults."""
    names = sorted({name for side in (before, after) for name in side.names(TEMPLATES, below=True)})
    if not names:
        raise InputError((Complaint("neither side has templates", f"{TEMPLATES}/", hint=_NO_TEMPLATES),))
    rewritten = _rewritten(before, after, names)
    for name in names:
        old = rewritten.get(name, name)
        if name in rewritten.values() or not is_changed(before, after, name, old):
            continue
        if not (is_template(before, old) or is_template(after, name)):
            continue
        left, notes = old_side_of(before, old)
        sides = left, side_of(after, name)
        found = _file_changes(name, sides) or compared(sides, partial(_imported, before, name))
        key = template_name(Path(name))
        refused = consent.refusals(found, (name, key))
        if refused:
            refused = still_refused(refused, found, after, key, consent)
        yield StackReview(name, name, found, refused, notes=(*notes, *blind_spots(*sides)), key=key)


def _nests(before: Revision, after: Revision, outer: str, inner: str) -> bool:
    """Whether one template nests another wherever that exists: elsewhere stacks of its own may be made from it."""
    sides = [side for side in (before, after) if side.blob(inner)]
    below = [(nesting(side).below(outer), nesting(side).below(inner)) for side in sides if side.blob(outer)]
    return len(below) == len(sides) and all(inner in one and outer not in other for one, other in below)


def _rewritten(before: Revision, after: Revision, names: Sequence[str]) -> dict[str, str]:
    """New file to old one of the templates that keep their name and change their notation: JSON to YAML, or back."""
    gone = {template_name(Path(name)): name for name in names if name not in after.blobs}
    new = (name for name in names if name not in before.blobs)
    return {name: gone[key] for name in new if (key := template_name(Path(name))) in gone}


def _file_changes(name: str, sides: tuple[Side, Side]) -> tuple[Change, ...]:
    """The change of a removed template file, which deletes no stack: only `destroy` does."""
    if sides[1] is not EMPTY:
        return ()
    sentence = "the template goes; stacks made from it stay as they are, and can no longer be deployed from here"
    effect = Effect(Verdict.METADATA, sentence, remedy="destroy those stacks first, or keep the template", alert=True)
    return (Change("remove", "Template", Path(name).name, (effect,), path=name),)


def _imported(revision: Revision, name: str) -> Imports:
    others = [other for other in revision.names(TEMPLATES, below=True) if other != name]
    using = [other for other in others if "ImportValue" in revision.text(other)]
    return Imports(one for other in using for one in imports(side_of(revision, other), other))
