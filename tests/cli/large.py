"""A project whose one template is too large for a call, and runs in it that are typed to.

None of the blueprints renders so much, so that the commands are given one that does.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click
from click.testing import CliRunner, Result
from troposphere import Output, Ref
from troposphere.ssm import Parameter as SsmParameter

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.cli.options import AwsOptions
from aurora_cfn.cli.runs.apply_plan import apply_plan, planned
from aurora_cfn.cli.runs.deploy import deploy as deploy_stacks
from aurora_cfn.cli.runs.results import exit_code
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.write_plan import write_plan
from aurora_cfn.deploy.context import Choices
from aurora_cfn.environment import load
from aurora_cfn.model.plan import StackResult
from aurora_cfn.parameters import Parameter
from aurora_cfn.project.templates import ProjectTemplates
from aurora_cfn.render import render
from tests.cli.project import KEYS

PARAMS = """\
region: eu-west-1
account: "123456789012"
tags: {Project: temporal}
stacks:
  book:
    template: book
    parameters: {Title: one}
"""


def book(chapters: int = 60) -> Blueprint:
    """A template of about a thousand bytes for each chapter, most of it in letters of two bytes."""
    words = {f"Chapter{number:03d}": "ü" * 480 for number in range(chapters)}
    return Blueprint(
        name="book",
        description="A lot of text around one parameter.",
        parameters=(Parameter("Title", "What it is called.", default="one"),),
        resources=lambda: [SsmParameter("Address", Type="String", Value=Ref("Title"))],
        outputs=lambda: [Output("Address", Description="Its name.", Value=Ref("Address"))],
        metadata={"Book": dict(words)},
    )


def written(folder: Path, params: str = PARAMS, blueprint: Blueprint | None = None) -> Blueprint:
    """The blueprint, rendered into the project that is in the folder from now on."""
    found = blueprint or book()
    for name in ("templates", "params"):
        (folder / name).mkdir(exist_ok=True)
    (folder / "templates" / "book.yaml").write_text(render(found))
    (folder / "params" / "dev.yaml").write_text(params)
    return found


def goal(blueprint: Blueprint, url: str) -> Target:
    path, templates = Path("params/dev.yaml"), ProjectTemplates({blueprint.name: blueprint})
    return Target(load(path.read_text(), str(path), "dev", templates), templates, AwsOptions(endpoint_url=url))


def deploy(
    blueprint: Blueprint, url: str, choices: Choices | None = None, *, yes: bool = True, text: str = ""
) -> Result:
    """`deploy` of the project in the working directory, as the command does it; `text` is typed."""
    chosen = choices or Choices(preflight=False)

    def work() -> tuple[Run, list[StackResult]]:
        run = Run(goal(blueprint, url), yes=yes)
        run.questions.attended = lambda: True
        return run, deploy_stacks(run, chosen, [], with_dependencies=False, parallel=4)

    return _ran(work, text)


def plan(blueprint: Blueprint, url: str, *, yes: bool = False) -> Result:
    """`deploy --plan plan.json`."""

    def work() -> tuple[Run, list[StackResult]]:
        run = Run(goal(blueprint, url), yes=yes)
        choices = Choices(preflight=False)
        return run, write_plan(run, choices, Path("plan.json"), [], with_dependencies=False, parallel=4)

    return _ran(work, "")


def apply(url: str, *, text: str) -> Result:
    """`deploy --apply plan.json` of a project of the shipped blueprints."""

    def work() -> tuple[Run, list[StackResult]]:
        options = AwsOptions(endpoint_url=url)
        file, goal_ = planned(Path("plan.json"), None, options)
        run = Run(goal_, yes=False)
        run.questions.attended = lambda: True
        return run, apply_plan(run, Choices(preflight=False, allow=file.allow), file, 4)

    return _ran(work, text)


def _ran(work: Callable[[], tuple[Run, list[StackResult]]], text: str) -> Result:
    @click.command()
    @click.pass_context
    def command(ctx: click.Context) -> None:
        run, results = work()
        ctx.exit(exit_code(results, interrupted=run.interrupted))

    return CliRunner().invoke(command, [], input=text, env=KEYS)
