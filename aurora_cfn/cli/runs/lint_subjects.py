"""What to lint: files, standard input, and templates with the values of an environment."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from aurora_cfn.environment.fleet import OWN
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.lint.subject import Subject
from aurora_cfn.model.environment import Environment, EnvironmentStack
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.fleet_client import CLIENT
from aurora_cfn.project.files import read_piped, read_text, template_files
from aurora_cfn.project.templates import template_name


def read_subjects(paths: Sequence[Path]) -> tuple[Subject, ...]:
    """The templates at the paths: files, folders, `-` for standard input; without paths those of `templates/`.

    Raises InputError for a path that is missing, cannot be read, is too large or is not UTF-8.
    """
    piped = Path("-") in paths
    named = [path for path in paths if path != Path("-")]
    files = template_files(named) if named or not piped else []
    found = [Subject(path.as_posix(), read_text(path)) for path in files]
    if piped:
        found.append(Subject("<stdin>", read_piped("<stdin>")))
    return tuple(found)


def check_json(subjects: Iterable[Subject]) -> None:
    """Raise InputError for each `.json` that is not JSON, though YAML allows it, such as one with a last comma."""
    complaints = [fault for subject in subjects for fault in _json_faults(subject)]
    if complaints:
        raise InputError(complaints)


def _json_faults(subject: Subject) -> Iterator[Complaint]:
    if subject.path.endswith(".json") and subject.text.lstrip().startswith("{"):
        try:
            json.loads(subject.text)
        except json.JSONDecodeError as error:
            yield Complaint(f"not JSON: {error.msg}", subject.path, error.lineno)
        except RecursionError:
            pass  # reading it as a template gives the better message


def with_environment(subjects: Iterable[Subject], environment: Environment) -> tuple[Subject, ...]:
    """Each template once for every stack that uses it, with the stack's values; one that no stack uses as it is.

    The stacks of a fleet's clients are one, with the values that they have in common.
    """
    return tuple(row for subject in subjects for row in _for_stacks(subject, environment))


def _for_stacks(subject: Subject, environment: Environment) -> Iterator[Subject]:
    name, fleet = template_name(Path(subject.path)), environment.fleet
    values = [_known(stack.parameters) for stack in environment.stacks if stack.template == name]
    if fleet and fleet.template == name:
        values.append({**dict.fromkeys(OWN), **_known(fleet.defaults)})
    yield from (Subject(subject.path, subject.text, row, environment.region) for row in values)
    if not values:
        yield Subject(subject.path, subject.text, region=environment.region)


def stack_subject(stack: EnvironmentStack, environment: Environment, path: str, text: str) -> Subject:
    """The template as one stack of the environment deploys it.

    The names of a client stay open: what is found in one client is kept for all that have the same other values.
    """
    values = _known(stack.parameters)
    if CLIENT in stack.tags:
        values |= dict.fromkeys(values.keys() & OWN)
    return Subject(path, text, values, environment.region)


def _known(parameters: Mapping[str, object]) -> dict[str, str | None]:
    """Values that the params file gives; None for those that are read just before the deployment."""
    return {name: value if isinstance(value, str) else None for name, value in parameters.items()}


def unused_values(environment: Environment, stacks: Iterable[EnvironmentStack]) -> list[Finding]:
    """The values of those stacks that have no effect, each with its line in the params file."""
    starts = tuple(f"stacks.{stack.key}." for stack in stacks)
    return [finding for finding in environment.unused if finding.key.startswith(starts)]
