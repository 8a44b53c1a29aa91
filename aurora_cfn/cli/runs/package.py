"""What `package` does: build the code of functions and the local files of templates, to a folder or to the bucket."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.target import project_templates, read_target
from aurora_cfn.cli.runs.upload import Code, uploads
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.cli.terminal.prompt import confirmed, terminal
from aurora_cfn.deploy.desired import selected
from aurora_cfn.packaging import built
from aurora_cfn.project.files import read_text, write_bytes
from aurora_cfn.project.local_files import Artifact, Destination, packaged_template
from aurora_cfn.render import summaries
from aurora_cfn.yamltext import write_plain


def build(out: Path | None) -> None:
    """Build each file, print name, key and size in bytes of each, and write them to `out` if it is given."""
    packages = built(summaries(BLUEPRINTS).values())
    for name, package in packages.items():
        if out:
            _write(out / f"{name}.zip", package.data)
        write_stdout(f"{name}  {package.key}  {len(package.data)}")
    for name, row in _local_files():
        if out:
            # The prefix of keys in the bucket would be one more folder.
            _write(out / row.key.removeprefix("aurora-cfn/"), row.data)
        write_stdout(f"{name}  {row.key}  {len(row.data)}")


def _local_files() -> Iterator[tuple[str, Artifact]]:
    """Template name and file, for the files that the project's own templates name."""

    for name, path in project_templates().files.items():
        # Where the files go is not known without an environment; only nested templates would name it.
        found = packaged_template(path, read_text(path), Destination(name, "BUCKET", "https://BUCKET/{}".format))
        yield from ((name, row) for row in found.artifacts)


def _write(path: Path, data: bytes) -> None:
    write_bytes(path, data)
    write_stderr(f"{path}: written")


def upload(env: str, stacks: Sequence[str], aws: AwsOptions, *, yes: bool) -> None:
    """Upload what the environment's bucket lacks and print the parameters and addresses by stack, as YAML.

    Raises InputError: a wrong params file or local path. AwsError: the bucket cannot be read, made or written.
    """
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
