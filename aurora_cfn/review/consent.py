"""What the user allows by name in one run: replacements, and changes that are known to fail."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from aurora_cfn.model.change import Change, Refusal
from aurora_cfn.model.environment import AllowedReplacement
from aurora_cfn.review.allowances import allowed_by_flag, tried_by_flag
from aurora_cfn.review.guard import refusals


@dataclass(frozen=True, slots=True)
class Consent:
    """The values of `--allow-replace` and `--try-anyway`, and the day on which dated lines are judged."""

    allow: Sequence[str]
    tried: Sequence[str]
    today: date

    def tried_in(self, scopes: Collection[str]) -> frozenset[str]:
        """The logical ids that are tried anyway in the stack that goes by the names `scopes`."""
        return tried_by_flag(self.tried, scopes)

    def refusals(
        self, changes: Sequence[Change], scopes: Collection[str], lines: Sequence[AllowedReplacement] = ()
    ) -> tuple[Refusal, ...]:
        """What is refused in the stack that goes by the names `scopes`; `lines` are those of its params file."""
        allowances = (*allowed_by_flag(self.allow, scopes), *lines)
        return refusals(changes, allowances, self.today, self.tried_in(scopes))
