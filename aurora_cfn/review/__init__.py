"""The changes between two sides of a stack, each with a verdict, and the guard over them."""

from aurora_cfn.review.changes import changes
from aurora_cfn.review.guard import (
    allowed_by_flag,
    known_failures,
    needless,
    refusals,
    refuse,
    refused_code,
    tried_by_flag,
    unmatched,
    unused,
)
from aurora_cfn.review.imports import Import, Imports, imports
from aurora_cfn.template.side import EMPTY, Side, template_of

__all__ = [
    "EMPTY",
    "Import",
    "Imports",
    "Side",
    "allowed_by_flag",
    "changes",
    "imports",
    "known_failures",
    "needless",
    "refusals",
    "refuse",
    "refused_code",
    "template_of",
    "tried_by_flag",
    "unmatched",
    "unused",
]
