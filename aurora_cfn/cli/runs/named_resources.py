"""The names given to `--allow-replace` and `--try-anyway`: each must be a resource of one stack of the run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import AwsError, Complaint, InputError
from aurora_cfn.model.environment import EnvironmentStack, ParameterValue
from aurora_cfn.ports import CloudFormation
from aurora_cfn.review.allowances import COMMAND_LINE, TRY_ANYWAY, unmatched
from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.side import Side, template_of
from aurora_cfn.yamltext import read_template

_CHANGED = ("Resources", "Outputs")
"""What `--try-anyway` may name: an update also fails on outputs, such as an export in use."""


@dataclass(frozen=True, slots=True)
class Option:
    """An option that takes logical ids: the sections whose entries it may name, and what a name allows."""

    name: str
    sections: tuple[str, ...]
    allows: str

    def ids(self, text: str, path: str, parameters: Mapping[str, ParameterValue]) -> frozenset[str]:
        """The names that the template gives with these parameters, on which its loops depend."""
        side = Evaluator(Side(template_of(read_template(text, path), path), parameters)).side
        return _MACRO_PLACES.union(*(side.section(section) for section in self.sections))

    def deployed(self, row: EnvironmentStack, cloudformation: CloudFormation) -> frozenset[str]:
        """The names that the deployed template gives, none without a stack."""
        from aurora_cfn.review.deployed import exists

        stack = cloudformation.stack(row.name)
        if stack is None or not exists(stack):
            return frozenset()
        return self.ids(cloudformation.template(row.name), f"{row.name} (deployed)", stack.parameters)


REPLACE = Option(COMMAND_LINE, ("Resources",), "may lose its own")
TRY = Option(TRY_ANYWAY, _CHANGED, "is to try it")
_MACRO_PLACES = frozenset({"Transform", "Fn::Transform", "Conditions", "Mappings"})
"""Also accepted: sections whose macros add resources that the template does not show."""


def named_resources(
    option: Option,
    names: Sequence[str],
    stacks: Sequence[EnvironmentStack],
    templates: Mapping[str, str],
    cloudformation: CloudFormation,
) -> tuple[str, ...]:
    """The values of the option, each with its stack where the run has several: a name allows one loss only.

    Raises InputError for names that none of the stacks of the run has, neither as written (`templates` are texts by
    template name) nor as deployed, and for those that several have. Deployed templates are read only for a name that no
    written template has, such as that of a removed resource; where they cannot be read, such a name is accepted: the
    guard still refuses everything that is not allowed by name.
    """
    if not names:
        return ()
    written = {_scopes(row): option.ids(templates[row.template], row.template_file, row.parameters) for row in stacks}
    left = _unknown(names, written)
    if not left:
        return _with_stack(option, names, written)
    try:
        deployed = {_scopes(row): option.deployed(row, cloudformation) for row in stacks}
    except (AwsError, InputError):
        return _with_stack(option, names, written)
    known = {scopes: ids | deployed[scopes] for scopes, ids in written.items()}
    wrong = _unknown(left, known)
    if wrong:
        raise InputError([_complaint(option, name, known) for name in wrong])
    return _with_stack(option, names, known)


def _with_stack(
    option: Option, names: Sequence[str], known: Mapping[tuple[str, ...], Collection[str]]
) -> tuple[str, ...]:
    """The names with the key of their stack before them, where there are several and none is given."""
    owners = {name: [scopes[0] for scopes, ids in known.items() if _outer(name) in ids] for name in names}
    several = [name for name in names if len(owners[name]) > 1]
    if several:
        raise InputError([_ambiguous(option, name, owners[name]) for name in several])
    return tuple(f"{owners[name][0]}.{name}" if owners[name] and len(known) > 1 else name for name in names)


def _unknown(names: Iterable[str], known: Mapping[tuple[str, ...], Collection[str]]) -> tuple[str, ...]:
    return tuple(name for name in names if unmatched([_outer(name)], known))


def _outer(name: str) -> str:
    """The name up to the nested stack, of what is in one: only its own template has the rest."""
    return name.partition("/")[0]


def _ambiguous(option: Option, name: str, owners: Sequence[str]) -> Complaint:
    hint = " or ".join(f"{option.name} {key}.{name}" for key in owners[:3])
    what = f"{len(owners)} stacks of this run have a resource of that name: say which {option.allows}"
    return Complaint(what, key=f"{option.name} {name}", hint=hint)


def _scopes(row: EnvironmentStack) -> tuple[str, ...]:
    return row.key, row.name


def _complaint(option: Option, name: str, known: Mapping[tuple[str, ...], Iterable[str]]) -> Complaint:
    scope, dot, one = name.rpartition(".")
    meant = {scopes: ids for scopes, ids in known.items() if not scope or scope in scopes}
    close = closest(one, sorted({one for ids in meant.values() for one in ids}))
    keys = [scopes[0] for scopes in known]
    if not meant:
        near = closest(scope, keys)
        hint = f"did you mean {near}.{one}?" if near else f"the stacks of this run: {', '.join(keys)}"
        return Complaint(f"no stack {scope} in this run", key=f"{option.name} {name}", hint=hint)
    hint = f"did you mean {scope}{dot}{close}?" if close else "names are logical ids of templates, or STACK.LOGICAL_ID"
    return Complaint("no stack of this run has a resource of that name", key=f"{option.name} {name}", hint=hint)
