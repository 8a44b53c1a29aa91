"""Whether the names given to `--allow-replace` mean anything in a run, told before anything is written."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from aurora_cfn.cli.project import TEMPLATES
from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import AwsError, Complaint, InputError
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.ports import CloudFormation
from aurora_cfn.review import Side, unmatched
from aurora_cfn.review.deployed import exists
from aurora_cfn.review.guard import COMMAND_LINE
from aurora_cfn.template.side import template_of
from aurora_cfn.yamltext import read_template


def known_names(
    names: Sequence[str],
    stacks: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    cloudformation: CloudFormation,
) -> tuple[str, ...]:
    """The names, each with its stack where the run has several: who allows one database to go has allowed one.

    Raises InputError for names that no stack of the run has as a resource, neither as written nor as deployed, and
    for those that several have. `templates` are texts by template name. AWS is only asked about a name that no
    written template has, as one that goes has left it; where a deployed template may not be read, whatever it might
    hold is let pass. The guard refuses what nobody allowed either way.
    """
    if not names:
        return ()
    written = {_called(row): _ids(templates[row.template], TEMPLATES / f"{row.template}.yaml") for row in stacks}
    left = unmatched(names, written)
    if not left:
        return _each_of_one(names, written)
    try:
        deployed = {_called(row): _deployed(row, cloudformation) for row in stacks}
    except (AwsError, InputError):
        return _each_of_one(names, written)
    known = {scopes: ids | deployed[scopes] for scopes, ids in written.items()}
    wrong = unmatched(left, known)
    if wrong:
        raise InputError([_complaint(name, known) for name in wrong])
    return _each_of_one(names, known)


def _each_of_one(names: Sequence[str], known: Mapping[tuple[str, ...], Collection[str]]) -> tuple[str, ...]:
    """The names with the key of their stack before them, where there are several and none is given."""
    owners = {name: [scopes[0] for scopes, ids in known.items() if name in ids] for name in names}
    several = [name for name in names if len(owners[name]) > 1]
    if several:
        raise InputError([_ambiguous(name, owners[name]) for name in several])
    return tuple(f"{owners[name][0]}.{name}" if owners[name] and len(known) > 1 else name for name in names)


def _ambiguous(name: str, owners: Sequence[str]) -> Complaint:
    ways = " or ".join(f"{COMMAND_LINE} {key}.{name}" for key in owners[:3])
    what = f"{len(owners)} stacks of this run have a resource of that name: say which may lose its own"
    return Complaint(what, key=f"{COMMAND_LINE} {name}", hint=ways)


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
