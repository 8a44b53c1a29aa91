"""The stacks of a fleet's clients, as far as the params file says what they are."""

from __future__ import annotations

from collections.abc import Mapping

from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue


def fleet_stacks(environment: Environment) -> tuple[EnvironmentStack, ...]:
    """One with the defaults, for all clients, and one for each client with parameters of its own in the file.

    They are called as `--allow-replace` takes them: the fleet's name, and the client's. Their keys, `fleet:NAME` and
    `client:NAME`, are those of no other stack. The parameters of clients in one account are in AWS alone, and the
    clients of a pool have no stacks.
    """
    fleet = environment.fleet
    if fleet is None or fleet.pool:
        return ()

    def stack(key: str, name: str, own: Mapping[str, ParameterValue]) -> EnvironmentStack:
        allowed = fleet.allowed_in(key.partition(":")[2])
        parameters = {**fleet.defaults, **own}
        return EnvironmentStack(key, name, fleet.template, parameters, fleet.line, fleet.lines, allow_replace=allowed)

    clients = [row for row in fleet.accounts.clients if row.parameters] if fleet.accounts else []
    return (
        stack(f"fleet:{fleet.name}", fleet.name, {}),
        *(stack(f"client:{row.name}", row.name, row.parameters) for row in clients),
    )
