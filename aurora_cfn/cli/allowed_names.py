"""Whether the names given to `--allow-replace` mean anything in a run, told before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from aurora_cfn.cli.project import TEMPLATES
from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import AwsError, Complaint, InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.review import Side, unmatched
from aurora_cfn.review.deployed import exists
from aurora_cfn.review.guard import COMMAND_LINE
from aurora_cfn.review.side import template_of
from aurora_cfn.yamltext import read_template


def refuse_unknown_names(
    names: Sequence[str],
    stacks: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    cloudformation: CloudFormation,
) -> None:
    """Raise InputError for names that no stack of the run has as a resource, neither as written nor as deployed.

    `templates` are texts by template name. AWS is only asked about a name that no written template has, as one that
    goes has left it; where a deployed template may not be read, whatever it might hold is let pass. The guard refuses
    what nobody allowed either way.
    """
    if not names:
        return
    written = {_called(row): _ids(templates[row.template], TEMPLATES / f"{row.template}.yaml") for row in stacks}
    left = unmatched(names, written)
    if not left:
        return
    try:
        deployed = {_called(row): _deployed(row, cloudformation) for row in stacks}
    except (AwsError, InputError):
        return
    known = {scopes: ids | deployed[scopes] for scopes, ids in written.items()}
    wrong = unmatched(left, known)
    if wrong:
        raise InputError([_complaint(name, known) for name in wrong])


def _called(row: EnvironmentStack) -> tuple[str, ...]:
    return row.key, row.name


def _ids(text: str, path: object) -> frozenset[str]:
    return frozenset(Side(template_of(read_template(text, str(path)), str(path))).section("Resources"))


def _deployed(row: EnvironmentStack, cloudformation: CloudFormation) -> frozenset[str]:
    stack = cloudformation.stack(row.name)
    return _ids(cloudformation.template(row.name), f"{row.name} (deployed)") if exists(stack) else frozenset()


def _complaint(name: str, known: Mapping[tuple[str, ...], Iterable[str]]) -> Complaint:
    scope, dot, one = name.rpartition(".")
    meant = {scopes: ids for scopes, ids in known.items() if not scope or scope in scopes}
    close = closest(one, sorted({one for ids in meant.values() for one in ids}))
    keys = [scopes[0] for scopes in known]
    if not meant:
        near = closest(scope, keys)
        hint = f"did you mean {near}.{one}?" if near else f"the stacks of this run: {', '.join(keys)}"
        return Complaint(f"no stack {scope} in this run", key=f"{COMMAND_LINE} {name}", hint=hint)
    hint = f"did you mean {scope}{dot}{close}?" if close else "names are logical ids of templates, or STACK.LOGICAL_ID"
    return Complaint("no stack of this run has a resource of that name", key=f"{COMMAND_LINE} {name}", hint=hint)
