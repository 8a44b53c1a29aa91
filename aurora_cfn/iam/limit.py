"""What a statement of a policy is limited to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aurora_cfn.iam.document import Condition


@dataclass(frozen=True, slots=True)
class Limit:
    """Resources of a statement, and the condition on them."""

    resources: tuple[str, ...]
    condition: Condition | None = None


ANYTHING: Final = Limit(("*",))
