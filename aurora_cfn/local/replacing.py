"""Functions of ministack replaced by ours; each of ours gets the function that was there before as first argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, MutableMapping
from functools import partial
from typing import Any, TypeAlias

from ministack.services.cloudformation import changesets, engine, handlers, stacks

Inner: TypeAlias = Callable[..., Any]
"""A function of ministack; also one of ours, which is called with it and its arguments."""


def replace(module: Any, name: str, ours: Inner) -> None:
    """Replace the function of that name in a module; ministack looks it up there at each call."""
    setattr(module, name, partial(ours, getattr(module, name)))


def replace_rows(table: MutableMapping[str, Any], ours: Mapping[str, Inner]) -> None:
    """Replace functions in a table, such as the actions of a service by their names."""
    for name, function in ours.items():
        table[name] = partial(function, table[name])


def everywhere(name: str, ours: Inner) -> None:
    """Replace a function of ministack's CloudFormation wherever that name is bound."""
    # `from engine import f` binds f in the importing module: setting engine.f alone would leave the others as they are.
    modules = [module for module in (engine, stacks, changesets, handlers) if hasattr(module, name)]
    replaced = partial(ours, getattr(modules[0], name))
    for module in modules:
        setattr(module, name, replaced)


def replace_actions(ours: Mapping[str, Inner]) -> None:
    """Replace actions of the CloudFormation API."""
    replace_rows(handlers._ACTION_HANDLERS, ours)
