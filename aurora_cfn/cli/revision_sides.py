"""Templates of a revision as sides, and two sides as changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from aurora_cfn.cli.offered import offered
from aurora_cfn.cli.revisions import Revision
from aurora_cfn.model.change import Change
from aurora_cfn.review import EMPTY, Import, Side, changes, template_of
from aurora_cfn.yamltext import read_template


def side_of(revision: Revision, name: str) -> Side:
    """The template of that revision without values; EMPTY when it is not there. Raises InputError."""
    if name not in revision.blobs:
        return EMPTY
    path = name if revision.commit is None else f"{revision.label}:{name}"
    return replace(_side(revision.text(name), path, name), offered=offered())


def is_template(revision: Revision, name: str) -> bool:
    """Whether a file of templates/ is meant as a template."""
    return name in revision.blobs and "Resources" in revision.text(name)


def compared(sides: tuple[Side, Side], imported: Callable[[], Sequence[Import]]) -> tuple[Change, ...]:
    """The changes; who imports is asked only when an output changed, as that means reading every other template."""
    found = changes(*sides)
    if any(change.section == "Outputs" and change.kind != "add" for change in found):
        others = imported()
        return changes(*sides, others) if others else found
    return found


@lru_cache(maxsize=256)  # several environments use the same templates, and a template is dear to parse
def _side(text: str, path: str, name: str) -> Side:
    document = read_template(text, path)
    return Side(template_of(document, path), lines=document.lines, path=name)
