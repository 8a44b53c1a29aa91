"""ministack's modules import functions from each other by name: a replacement has to go into all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import changesets, engine, handlers, stacks


def everywhere(name: str, wrap: Callable[[Any], Any]) -> None:
    """Replace a function of ministack's CloudFormation, wherever that name is bound, by what `wrap` makes of it."""
    # `from engine import f` binds f in the importing module: setting engine.f alone would leave the others as they are.
    modules = [module for module in (engine, stacks, changesets, handlers) if hasattr(module, name)]
    wrapped = wrap(getattr(modules[0], name))
    for module in modules:
        setattr(module, name, wrapped)
