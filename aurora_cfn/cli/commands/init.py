"""`aurora-cfn init`: write the files of a new repository, without overwriting existing ones."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn import __version__
from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli.commands.render import pages
from aurora_cfn.environment import schema_text
from aurora_cfn.project.files import write_text
from aurora_cfn.render import rendered, summaries
from aurora_cfn.starter import starter_files


@click.command()
def command() -> None:
    """Write params, templates, a GitHub workflow, pre-commit hooks and a README into this folder.

    A file that already exists is left as it is, and named.

    Exit codes: 0 written, 3 a file cannot be written.

    \b
    Example:
      mkdir databases && cd databases && git init && aurora-cfn init
    """
    texts = starter_files(__version__)
    found = [rendered(item) for item in BLUEPRINTS]
    texts |= {f"templates/{row.blueprint.name}.yaml": row.text for row in found}
    texts |= {f"templates/{name}": text for name, text in pages(found).items()}
    texts["params/schema.json"] = schema_text(summaries(BLUEPRINTS))
    for name, text in texts.items():
        click.echo(f"{name}: {_written(Path(name), text)}", err=True)
    click.echo("next: aurora-cfn deploy --env local", err=True)


def _written(path: Path, text: str) -> str:
    if path.exists():
        return "exists, left as it is"
    write_text(path, text)
    return "written"
