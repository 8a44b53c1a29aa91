"""`aurora-cfn package`: build and upload the zips with the code of the Lambda functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments, stack_option
from aurora_cfn.errors import InputError


@click.command()
@click.option(
    "--env", "-e", metavar="ENV", shell_complete=environments, help="Upload to the bucket of params/ENV.yaml."
)
@stack_option
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder to write the zips to, instead of uploading."
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask before a bucket is made.")
@aws_options
def command(env: str | None, stacks: tuple[str, ...], out: Path | None, yes: bool, aws: AwsOptions) -> None:
    """Build the code of the functions; with --env, upload what the bucket lacks and print the parameters.

    The key of a zip contains the hash of its contents: the same code is uploaded once, and new code has a new key.
    `aurora-cfn deploy` does all this by itself. Without `bucket:` in the params file, a bucket for the account and
    region is made after asking: private, encrypted, versioned, TLS only.

    Exit codes: 0 built or uploaded, 1 declined, 3 wrong params, or a file cannot be written, 4 AWS refused.

    \b
    Examples:
      aurora-cfn package                    # what would be built, by template
      aurora-cfn package --out build        # write the zips
      aurora-cfn package --env production   # upload; print CodeBucket, CodeKey
    """
    if env and out:
        raise click.UsageError("--env and --out exclude each other")
    if stacks and not env:
        raise click.UsageError("--stack needs --env")
    if env:
        _upload(env, stacks, aws, yes=yes)
    else:
        _build(out)


def _build(out: Path | None) -> None:
    from aurora_cfn.blueprints import BLUEPRINTS
    from aurora_cfn.packaging import built
    from aurora_cfn.render import summaries

    packages = built(summaries(BLUEPRINTS).values())
    for name, package in packages.items():
        if out:
            _write(out / f"{name}.zip", package.data)
        click.echo(f"{name}  {package.key}  {len(package.data)}")


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError as error:
        raise InputError(f"{path}: cannot be written: {error.strerror}") from None
    click.echo(f"{path}: written", err=True)


def _upload(env: str, stacks: Sequence[str], aws: AwsOptions, *, yes: bool) -> None:
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.cli.runs.upload import Code, uploads
    from aurora_cfn.cli.terminal.prompt import confirmed, terminal
    from aurora_cfn.deploy.desired import selected
    from aurora_cfn.yamltext import write_plain

    target = read_target(env, aws)
    code = Code(target, selected(target.environment, stacks))
    if not code.placements:
        click.echo(f"{target.environment.path}: no stack has functions", err=True)
    bucket = uploads(target, lambda question: yes or (terminal() and confirmed(question)))
    for stack in code.placements:
        code.upload(stack, bucket, lambda key, text: click.echo(f"{key}: {text}", err=True))
    click.echo(write_plain({stack: code.parameters(stack) for stack in code.placements}), nl=False)
