"""`aurora-cfn init`: write the files of a new repository, without overwriting existing ones."""

from __future__ import annotations

import click

from aurora_cfn.cli.terminal.messages import write_stderr


@click.command()
@click.option("--project", metavar="NAME", help="Name of the project. Default: that of this folder.")
@click.option("--database", metavar="NAME", help="Name of the first database. Default: app.")
@click.option("--region", metavar="REGION", help="AWS region. Default: eu-west-1.")
@click.option("--account", metavar="DIGITS", help="AWS account; no other is touched then.")
@click.option("--network/--no-network", default=None, help="With a network stack; else the account's default VPC.")
@click.option("--email", metavar="ADDRESS", help="Mail address for the alarms of production.")
@click.option("--yes", "-y", is_flag=True, help="Do not ask: take the defaults.")
@click.option("--blueprint", metavar="NAME", help="Write only an example of a blueprint: blueprints/NAME.py.")
@click.option("--example", metavar="NAME", help="Write only an example: params/NAME.yaml and its templates.")
@click.option(
    "--branches", is_flag=True, help="Write only the workflow with a branch for each pull request, and its template."
)
def command(
    network: bool | None, yes: bool, blueprint: str | None, example: str | None, branches: bool, **given: str | None
) -> None:
    """Write params, templates, GitHub workflows, pre-commit hooks and a README into this folder.

    On a terminal it asks for what no option gives. A file that already exists is left as it is, and named. The
    workflows and hooks install aurora-cfn as it was installed here.

    Exit codes: 0 written, 2 a wrong value of an option, 3 a file cannot be written, or there is no such example.

    \b
    Examples:
      mkdir databases && cd databases && git init && aurora-cfn init
      aurora-cfn init --project shop --database orders --region eu-central-1 --yes
      aurora-cfn init --blueprint service-logs
      aurora-cfn init --example planets-api
      aurora-cfn init --branches --region eu-central-1
    """
    from aurora_cfn.cli.runs.init import (
        answers,
        blueprint_file,
        branch_texts,
        example_texts,
        project_texts,
        write,
    )

    if branches:
        write(branch_texts(answers(given, network=False, ask=False)))
        write_stderr(
            "next: write `janitor: {template: branch-janitor}` under `stacks:` in params/dev.yaml, and deploy it"
        )
        return
    if blueprint or example:
        write(dict([blueprint_file(blueprint)]) if blueprint else {})
        write(example_texts(example) if example else {})
        write_stderr(f"next: aurora-cfn {f'render {blueprint}' if blueprint else f'deploy --env {example}'}")
        return
    write(project_texts(answers(given, network, ask=not yes)))
    write_stderr("next: aurora-cfn deploy --env local")
