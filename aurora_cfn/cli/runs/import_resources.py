"""`import`: the template that takes existing resources into a stack, and its change set."""

from __future__ import annotations

import os
from collections.abc import Sequence

from aurora_cfn.aws.drifts import CloudControl
from aurora_cfn.cli.runs.readiness import check_account, committed_templates
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.runs.upload import uploads
from aurora_cfn.cli.terminal.messages import write_stderr
from aurora_cfn.deploy.context import Choices
from aurora_cfn.deploy.desired import selected
from aurora_cfn.deploy.import_resources import Import, adopted, planned, take_in
from aurora_cfn.deploy.ownership import refuse_unknown
from aurora_cfn.deploy.preflight.reading import deployed
from aurora_cfn.deploy.preflight.subject import Subject, subject
from aurora_cfn.environment import Sources, known, ssm_names
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.report.plan import differences_text, import_text


def prepared(target: Target, key: str, pairs: Sequence[str]) -> Import:
    """The import of `LOGICAL_ID=PHYSICAL_ID...`, shown on stderr with what the next deployment would change.

    Raises InputError for wrong names, AwsError where the stack or a resource may not be read.
    """
    (entry,) = selected(target.environment, [key])
    template = committed_templates([entry.template], target.templates)[entry.template]
    about = _subject(target, entry, template)
    found = planned(about, adopted(about, pairs, CloudControl(target.session)))
    rows = [row.imported for row in found.rows]
    write_stderr(import_text(about.name, rows, new=not about.exists), nl=False)
    write_stderr(differences_text(about.name, about.after.path, found.still_to_change()), nl=False)
    return found


def _subject(target: Target, entry: EnvironmentStack, template: str) -> Subject:
    """The stack as deployed and as written. Raises AwsError when it may not be read, InputError for what is missing."""
    check_account(target)
    environment, wanted = target.environment, ssm_names(entry)
    values = target.ssm_parameters.values(wanted) if wanted else {}
    parameters = known(entry, environment, Sources(ssm=values, variables=os.environ))
    there = deployed(target.cloudformation, entry.name)
    return subject(environment, entry, template, parameters, there)


def take_over(target: Target, found: Import, *, yes: bool, taken_over: tuple[str, ...] = ()) -> int:
    """The exit code of the import, which is asked for unless `yes`; `taken_over` are the names of `--take-over`.

    Raises InputError for a name that is not that of the stack.
    """
    refuse_unknown(taken_over, [found.about.name])
    run, entry = Run(target, yes=yes), found.about.entry
    approve = run.questions.approving(lambda _: None, "Import into {}?")
    context = run.context(Choices(take_over=taken_over), uploads=uploads(target, run.questions.consent))
    # The text is replaced by the template of the import.
    wanted = target.desired(entry, found.template)
    results = run.in_parallel(context, {entry.key: lambda: take_in(context, wanted, found, approve)})
    return run.exit_code(results)
