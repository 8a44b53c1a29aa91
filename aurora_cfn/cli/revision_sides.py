"""Templates of a revision as sides, without values."""

from __future__ import annotations

from aurora_cfn.cli.revisions import Revision
from aurora_cfn.review import EMPTY, Side, template_of
from aurora_cfn.yamltext import read_template


def side_of(revision: Revision, name: str) -> Side:
    """The template of that revision without values; EMPTY when it is not there. Raises InputError."""
    if name not in revision.blobs:
        return EMPTY
    path = name if revision.commit is None else f"{revision.label}:{name}"
    document = read_template(revision.text(name), path)
    return Side(template_of(document, path), lines=document.lines, path=name)


def is_template(revision: Revision, name: str) -> bool:
    """Whether a file of templates/ is meant as a template."""
    return name in revision.blobs and "Resources" in revision.text(name)
