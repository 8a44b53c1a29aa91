"""The registry: every blueprint, in the order of the documentation, each imported when it is first used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aurora_cfn.blueprint import Blueprint

    BLUEPRINTS: tuple[Blueprint, ...]
    """All of them, in that order; made on first use."""

NAMES = (
    "aurora-serverless-postgres",
    "aurora-serverless-mysql",
    "rds-postgres",
    "network",
    "network-endpoints",
    "rds-proxy",
    "client-vpn",
    "http-api",
    "dsql",
    "dsql-api",
    "databases-api",
    "monitoring",
    "branch-janitor",
)
"""Names of the templates; the module of each has the same name, with underscores."""


class Registry(Mapping[str, "Blueprint"]):
    """The blueprints by name; a command that needs none imports neither them nor troposphere."""

    def __getitem__(self, name: str) -> Blueprint:
        """The blueprint of that name. Raises KeyError."""
        if name not in self:
            raise KeyError(name)
        found: Blueprint = import_module(f"{__name__}.{name.replace('-', '_')}").BLUEPRINT
        return found

    def __contains__(self, name: object) -> bool:
        """Whether there is one of that name."""
        return name in NAMES

    def __iter__(self) -> Iterator[str]:
        """The names, in order."""
        return iter(NAMES)

    def __len__(self) -> int:
        """Their number."""
        return len(NAMES)


BY_NAME = Registry()


def shipped(name: str) -> Blueprint:
    """The blueprint of that name that comes with aurora-cfn, to make another one from it. Raises KeyError."""
    return BY_NAME[name]


def __getattr__(name: str) -> Any:
    """BLUEPRINTS, on first use."""
    if name != "BLUEPRINTS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = tuple(BY_NAME.values())
    return globals()[name]
