"""The code of an environment's functions: built when the command begins, uploaded just before a stack needs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from aurora_cfn.cli.target import Target
from aurora_cfn.deploy.uploads import Uploads
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.packaging import Placement, placements


class Code:
    """The packages of the stacks that have functions, and where they belong."""

    def __init__(self, target: Target, stacks: Sequence[EnvironmentStack]) -> None:
        """Build what the stacks need. Raises InputError when nobody can say which bucket it belongs into."""
        region = target.options.region or target.environment.region
        self.placements: Mapping[str, Placement] = placements(
            target.environment, stacks, target.blueprints, region=region
        )

    def parameters(self, stack: str) -> dict[str, str]:
        """The parameters that name the code of the stack, wherever it is; empty when the stack has none."""
        placement = self.placements.get(stack)
        return placement.parameters if placement else {}

    def upload(self, stack: str, uploads: Uploads, tell: Callable[[str, str], None]) -> None:
        """Put the code of the stack where its parameters say, if it has any; `tell` gets the stack and a line.

        Raises what `Uploads.upload` raises.
        """
        placement = self.placements.get(stack)
        if placement is not None:
            package, say = placement.package, partial(tell, stack)
            new = uploads.upload(package.key, package.data, f"the code of {stack} goes through a bucket", say)
            told = f"uploaded {len(package.data) / 1e6:.1f} MB of code to" if new else "its code is there already:"
            say(f"{told} {uploads.place(package.key)}")
