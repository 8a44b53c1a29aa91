"""Whether the update of a stack is known to fail: its deployed template and values compared with the written ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from aurora_cfn.deploy.preflight.check import SOURCE
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.deploy.stack_status import stack_status
from aurora_cfn.facts.offered import Offered
from aurora_cfn.model.change import Refusal, Verdict
from aurora_cfn.model.finding import Finding
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.guard import known_failures

NAME = "known-failure"
NEEDS_CONSENT = "consent"
"""Names of the findings: of a change that fails, and of one beside it that loses data or replaces it."""


def refused(about: Subject, consent: Consent, offered: Offered) -> tuple[Refusal, ...]:
    """What is refused when one of the changes is known to fail, as a review of the same two sides says; else none.

    None while another operation runs or a failed one is left: the update is judged when its turn comes.
    """
    if about.stack is None or stack_status(about.stack).move != "update":
        return ()
    # A new stack is deployed without the modules that judge changes.
    from aurora_cfn.review.changes import changes
    from aurora_cfn.review.deployed import without_unknown

    before, after = (replace(side, offered=offered) for side in (about.before, about.after))
    pair = without_unknown(before, after, about.stack)
    found = changes(pair.before, pair.after)
    return known_failures(consent.refusals(found, (about.name, about.entry.key), about.entry.allow_replace))


def judged(about: Subject, refusals: Sequence[Refusal], consent: Consent) -> Subject:
    """The subject with the ids that are refused already, and those that are tried anyway."""
    failing = frozenset(row.logical_id for row in refusals if row.verdict is Verdict.FAILS)
    return replace(about, failing=failing, tried=consent.tried_in((about.name, about.entry.key)))


def findings(about: Subject, refusals: Sequence[Refusal]) -> Iterator[Finding]:
    """An error for each refusal, at the line of the template that it is about."""
    for row in refusals:
        name = NAME if row.verdict is Verdict.FAILS else NEEDS_CONSENT
        message = f"{row.logical_id}: {row.sentence} ({row.how})"
        key = f"stacks.{about.entry.key}"
        path = row.path or about.environment.path
        yield Finding(name, "error", message, path, row.line if row.path else about.entry.line, key=key, source=SOURCE)
