"""`aurora-cfn package`: build and upload the code of functions, and the local files that templates name."""

from __future__ import annotations

from pathlib import Path

import click

from aurora_cfn.cli.options import AwsOptions, aws_options, environments, stack_option


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
    from aurora_cfn.cli.runs.package import build, upload

    if env:
        upload(env, stacks, aws, yes=yes)
    else:
        build(out)
