"""`aurora-cfn package`: build and upload the code of functions, and the local files that templates name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments, stack_option
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout

if TYPE_CHECKING:
    from aurora_cfn.project.local_files import Artifact


@click.command()
@click.option(
    "--env", "-e", metavar="ENV", shell_complete=environments, help="Upload to the bucket of params/ENV.yaml."
)
@stack_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder to write the files to, instead of uploading.",
)
@click.option("--yes", "-y", is_flag=True, help="Do not ask before a bucket is made.")
@aws_options
def command(env: str | None, stacks: tuple[str, ...], out: Path | None, yes: bool, aws: AwsOptions) -> None:
    """Build the code of the functions; with --env, upload what the bucket lacks and print where it is.

    In templates of your own, local paths are packaged as `aws cloudformation package` does: Code, CodeUri, ContentUri,
    Content, DefinitionUri, TemplateURL, the Location of AWS::Include, and the others of its list. They start from the
    template's folder and stay inside of the repository. A folder becomes a zip, and nested templates are packaged
    first. With --env the packaged template is uploaded too, and its address printed.

    The key of a file contains the hash of its contents: the same code is uploaded once, and new code has a new key.
    `aurora-cfn deploy` does all this by itself. Without `bucket:` in the params file, a bucket for the account and
    region is made after asking: private, encrypted, versioned, TLS only.

    Exit codes: 0 built or uploaded, 1 declined, 3 wrong params, a local path that does not exist, or a file that cannot
    be written, 4 AWS refused.

    \b
    Examples:
      aurora-cfn package                    # what would be built, by template
      aurora-cfn package --out build        # write the files
      aurora-cfn package --env production   # upload; print the addresses
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
        write_stdout(f"{name}  {package.key}  {len(package.data)}")
    for name, row in _local_files():
        if out:
            _write(out / row.key.removeprefix("aurora-cfn/"), row.data)
        write_stdout(f"{name}  {row.key}  {len(row.data)}")


def _local_files() -> Iterator[tuple[str, Artifact]]:
    """Template name and file, for the files that the project's own templates name."""
    from aurora_cfn.cli.runs.target import project_templates
    from aurora_cfn.project.files import read_text
    from aurora_cfn.project.local_files import Destination, packaged_template

    for name, path in project_templates().files.items():
        # Where the files go is not known without an environment; only nested templates would name it.
        found = packaged_template(path, read_text(path), Destination(name, "BUCKET", "https://BUCKET/{}".format))
        yield from ((name, row) for row in found.artifacts)


def _write(path: Path, data: bytes) -> None:
    from aurora_cfn.project.files import write_bytes

    write_bytes(path, data)
    write_stderr(f"{path}: written")


def _upload(env: str, stacks: Sequence[str], aws: AwsOptions, *, yes: bool) -> None:
    from aurora_cfn.cli.runs.target import read_target
    from aurora_cfn.cli.runs.upload import Code, uploads
    from aurora_cfn.cli.terminal.prompt import confirmed, terminal
    from aurora_cfn.deploy.desired import selected
    from aurora_cfn.yamltext import write_plain

    target = read_target(env, aws)
    chosen = selected(target.environment, stacks)
    code = Code(target, chosen)
    keys = [row.key for row in chosen if row.key in code.placements or row.key in code.packaged]
    if not keys:
        write_stderr(f"{target.environment.path}: no stack has functions or local files")
    bucket = uploads(target, lambda question: yes or (terminal() and confirmed(question)))
    for stack in keys:
        code.upload(stack, bucket, lambda key, text: write_stderr(f"{key}: {text}"), whole=True)
    found = {stack: code.parameters(stack) | code.address(stack, bucket) for stack in keys}
    write_stdout(write_plain(found), nl=False)
