"""`review`: two git revisions compared; and how `review` and `diff` end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from aurora_cfn.cli.terminal.messages import info, write_stdout
from aurora_cfn.errors import EXIT_DIFFERENCES, Complaint, InputError
from aurora_cfn.model.review import Review
from aurora_cfn.project.git import base_of, default_base, is_detached, resolve, revision
from aurora_cfn.project.review import reviewed
from aurora_cfn.report.review import FORMATS
from aurora_cfn.review.guard import refused_code


def review_revisions(
    base: str | None, head: str, envs: Sequence[str], allow: Sequence[str], tried: Sequence[str]
) -> Review:
    """The review of the changes between two revisions; without `base` since this branch left the main one.

    Raises InputError.
    """
    chosen, label = base_of(base, head) if base else _default_base()
    # Not strict: a link out of the repository in the old revision is no fault of the change.
    before, after = revision(chosen, strict=False), revision(head)
    before.label = label
    return reviewed(before, after, envs, allow, datetime.now(UTC).date(), tried)


def _default_base() -> tuple[str, str]:
    """Where HEAD left the main branch, and its short hash; without a main branch the last commit, with a message.

    Raises InputError in a pipeline without a main branch: what its commit changes would count as nothing.
    """
    found = default_base()
    if found is None:
        found = resolve("HEAD")
        if is_detached():
            hint = "fetch that branch, and give --base, such as --base origin/main"
            raise InputError(
                (Complaint("no main branch is known here to compare the checked-out commit with", hint=hint),)
            )
        info("no main branch is known here, so only what is not committed is reviewed: give --base")
    return found, found[:12]


def print_review(review: Review, form: str, *, exit_code: bool) -> int:
    """Print the report; 6 or 11 if a change is refused, 8 for changes with `--exit-code`, else 0."""
    # The page says that it is UTF-8, so it is written in UTF-8 also where the terminal has another encoding.
    write_stdout(FORMATS[form](review), nl=False, utf8=form == "html")
    code = refused_code(review.refusals())
    return code or (EXIT_DIFFERENCES if exit_code and review.worst is not None else 0)
