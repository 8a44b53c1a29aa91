"""The code of an environment's functions: built when the command begins, uploaded just before a stack needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from aurora_cfn.cli.target import Target
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.packaging import Placement, place, placements


class Code:
    """The packages of the stacks that have functions, and where they belong."""

    def __init__(self, target: Target, stacks: Sequence[EnvironmentStack]) -> None:
        """Build what the stacks need. Raises InputError when the environment has no bucket for it."""
        self._target = target
        self.placements: Mapping[str, Placement] = placements(target.environment, stacks, target.blueprints)

    def parameters(self, stack: str) -> dict[str, str]:
        """The parameters that name the code of the stack, wherever it is; empty when the stack has none."""
        placement = self.placements.get(stack)
        return placement.parameters if placement else {}

    def upload(self, stack: str, tell: Callable[[str, str], None]) -> None:
        """Put the code of the stack where its parameters say, if it has any; `tell` gets the stack and a line."""
        placement = self.placements.get(stack)
        if placement is not None:
            tell(stack, self._upload(placement))

    def _upload(self, placement: Placement) -> str:
        from aurora_cfn.aws.s3 import S3Objects

        target = self._target
        objects, owner = S3Objects(target.session), None if target.local else target.environment.account
        made = place(placement, objects, owner=owner, make_bucket=target.local)
        where = f"s3://{placement.bucket}/{placement.package.key}"
        size = f"{len(placement.package.data) / 1e6:.1f} MB"
        return f"uploaded {size} of code to {where}" if made else f"its code is there already: {where}"
