"""One run of `refactor`."""

from __future__ import annotations

from collections.abc import Sequence

from aurora_cfn.aws.refactors import AwsStackRefactors
from aurora_cfn.cli.runs.readiness import checked_account, committed_templates, desired_stacks
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import Code, uploads
from aurora_cfn.cli.terminal.messages import write_stderr, write_stdout
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.ownership import refuse_unknown
from aurora_cfn.deploy.refactor import Refactoring
from aurora_cfn.deploy.stack_result import recorded
from aurora_cfn.errors import InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.model.stack_refactor import RefactorAction, ResourceMove, ResourcePlace
from aurora_cfn.report.plan import refactor_text
from aurora_cfn.yamltext import read_template

Names = Sequence[tuple[str, str]]
"""Old and new logical ids."""


def refactor(
    target: Target, key: str | None, renames: Names, moved: Names, to: str | None, *, yes: bool, choices: Choices
) -> int:
    """Rename the resources in their stack, move the others to the stack `to`; the exit code."""
    environment, templates = target.environment, target.templates
    source = _source(target, key, renames, moved)
    chosen = [source, *(selected(environment, [to]) if to else ())]
    if len({row.key for row in chosen}) != len(chosen):
        raise InputError(f"--to {to}: that is the stack that has the resource; --rename gives it another name there")
    texts = committed_templates([row.template for row in chosen], templates)
    refuse_unknown(choices.take_over, [row.name for row in chosen])
    checked_account(target)
    run = Run(target, yes=yes)
    context = run.context(choices, uploads=uploads(target, run.questions.consent))
    stacks = {row.name: row for row in desired_stacks(target, chosen, texts, Code(target, chosen)).values()}
    moves = (
        *(_move(source.name, old, source.name, new) for old, new in renames),
        *(_move(source.name, old, chosen[-1].name, new) for old, new in moved),
    )
    work = Refactoring(context, AwsStackRefactors(target.session), moves, stacks)

    def approve(actions: Sequence[RefactorAction]) -> bool:
        text = refactor_text(source.name, actions)

        def asked() -> bool:
            (write_stdout if choices.dry_run else write_stderr)(text, nl=False)
            return choices.dry_run or run.questions.agreed("Execute this refactor?")

        return run.questions.answer(asked)

    results = run.in_parallel(
        context, {source.key: lambda: recorded(context, source.key, source.name, lambda: work.run(approve))}
    )
    return run.exit_code(results)


def _move(source: str, old: str, destination: str, new: str) -> ResourceMove:
    return ResourceMove(ResourcePlace(source, old), ResourcePlace(destination, new))


def _source(target: Target, key: str | None, renames: Names, moved: Names) -> EnvironmentStack:
    """The stack of `--stack`, or the one whose template has the new names. Raises InputError when it is not one."""
    environment = target.environment
    if key:
        return selected(environment, [key])[0]
    if len(environment.stacks) == 1:
        return environment.stacks[0]
    if moved and not renames:
        raise InputError("--move needs --stack: the stack that has the resource now")
    wanted = {new for _, new in renames}
    found = [row for row in environment.stacks if wanted <= _logical_ids(target, row)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(row.key for row in found or environment.stacks)
    which = "several stacks have" if found else "no template of the environment has"
    raise InputError(f"{which} {', '.join(sorted(wanted))}: name one with --stack ({known})")


def _logical_ids(target: Target, row: EnvironmentStack) -> set[str]:
    text = committed_templates([row.template], target.templates)[row.template]
    value = read_template(text, row.template_file).value
    resources = value.get("Resources") if isinstance(value, dict) else None
    return set(resources) if isinstance(resources, dict) else set()
