"""The registry: every blueprint, in the order in which a reader meets them."""

from __future__ import annotations

from aurora_cfn.blueprint import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
