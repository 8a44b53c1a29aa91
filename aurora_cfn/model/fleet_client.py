"""A client of a fleet: its claimed name and its stack, each of which may be missing."""

from __future__ import annotations

from dataclasses import dataclass

from aurora_cfn.model.stack import Stack

FLEET, CLIENT, VERSION = "aurora-cfn:fleet", "aurora-cfn:client", "aurora-cfn:version"
"""Tags of a client's stack: its fleet, its name, and the version of template and defaults that it was deployed with."""
OWN_PARAMETERS = "aurora-cfn:parameters"
"""Tag: the names of the parameters that were given for this client, with spaces between them."""


@dataclass(frozen=True, slots=True)
class FleetClient:
    """One client: `region` is that of its stack, else of its claim; `claimed` is the region in SSM, or empty."""

    name: str
    region: str
    claimed: str
    stack: Stack | None

    @property
    def version(self) -> str:
        """The version that its stack was deployed with."""
        return self.stack.tags.get(VERSION, "") if self.stack else ""

    @property
    def own_parameters(self) -> dict[str, str]:
        """The parameters that were given for this client, as they are deployed."""
        if self.stack is None:
            return {}
        names = self.stack.tags.get(OWN_PARAMETERS, "").split()
        return {name: self.stack.parameters[name] for name in names if name in self.stack.parameters}
