"""Options of the clients commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import rows_format_option

if TYPE_CHECKING:
    from aurora_cfn.fleet.waves import WaveSize

form_option = rows_format_option("csv")


class Wave(click.ParamType["WaveSize"]):
    """A number of clients, or a share of all: 5, 10%."""

    name = "wave"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> WaveSize:
        """The size. Fails as wrong usage for anything else."""
        from aurora_cfn.fleet.waves import wave_size

        try:
            return wave_size(str(value))
        except ValueError as error:
            self.fail(f"{value!r} is no wave: write {error}", param, ctx)


class NameValue(click.ParamType["tuple[str, str]"]):
    """NAME=VALUE."""

    name = "given"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        """The name and the value. Fails as wrong usage for anything else."""
        name, sign, text = str(value).partition("=")
        if not sign or not name:
            self.fail(f"{value!r} is not NAME=VALUE", param, ctx)
        return name, text
