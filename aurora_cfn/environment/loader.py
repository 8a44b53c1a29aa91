"""A params file to an Environment: all complaints at once, each with file, line, key and the limit that is exceeded."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from aurora_cfn.environment import values
from aurora_cfn.environment.allow_replace import allowed_replacements, day_faults
from aurora_cfn.environment.clashes import Named, clashes
from aurora_cfn.environment.fleet import fleet_complaints, fleet_draft, read_fleet
from aurora_cfn.environment.keys import BOUNDARY_KEY, BOUNDARY_PARAMETER, ENVIRONMENT_PARAMETER, environment_record
from aurora_cfn.environment.names import check_environment_name, foreign_arns, region_doubt, stack_name
from aurora_cfn.environment.relations import Scope, combinations, relations
from aurora_cfn.environment.shapes import Fault, mapping_of
from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.environment import Environment, EnvironmentStack, ParameterValue
from aurora_cfn.model.finding import Finding, Severity
from aurora_cfn.model.value import Path, Value, member
from aurora_cfn.template.side import Side
from aurora_cfn.template.summary import TemplateSummary
from aurora_cfn.yamltext import Document, read_with_faults


def drafts(
    document: Document, environment: str, templates: Mapping[str, TemplateSummary], faulty: Collection[Path]
) -> tuple[EnvironmentStack, ...]:
    """Every entry under `stacks` that is a mapping, with the parts that are not `faulty`."""
    root = document.value if isinstance(document.value, Mapping) else {}
    stacks = root.get("stacks")
    builder = _Builder(document, environment, templates, faulty, root)
    return tuple(builder.stack(key, entry) for key, entry in mapping_of(stacks).items() if isinstance(entry, Mapping))


class _Builder:
    def __init__(
        self,
        document: Document,
        environment: str,
        templates: Mapping[str, TemplateSummary],
        faulty: Collection[Path],
        root: Mapping[str, Value],
    ) -> None:
        self.document, self.environment, self.templates, self.faulty = document, environment, templates, faulty
        self.root = root

    def stack(self, key: str, entry: Mapping[str, Value]) -> EnvironmentStack:
        path: Path = ("stacks", key)
        # A part with a fault is left out and the rest is kept, so that checks between stacks still see the stack.
        sound = dict(self._sound(entry, path))
        template = str(sound.get("template", ""))
        summary = self.templates.get(template)
        parameters = dict(self._parameters(entry, path, summary))
        return EnvironmentStack(
            key=key,
            name=str(sound.get("name", stack_name(key, self.environment))),
            template=template,
            parameters=parameters,
            line=self.document.line(path),
            lines=self._lines(entry, path),
            allow_replace=tuple(
                allowed_replacements(self.document, sound.get("allow_replace"), (*path, "allow_replace"))
            ),
            after=tuple(map(str, _list(sound.get("depends_on")))),
            after_deploy=tuple(map(str, _list(sound.get("after_deploy")))),
            # A stack's own tags win over those of the environment.
            tags=_texts(self.root.get("tags")) | _texts(sound.get("tags")),
            protect=bool(sound.get("protect", self.root.get("protect", False))),
            stack_policy=mapping_of(sound.get("stack_policy")) or None,
            file=summary.path if summary else "",
            handlers=str(sound.get("handlers", "")),
        )

    def _sound(self, entry: Mapping[str, Value], path: Path) -> Iterator[tuple[str, Any]]:
        for name, value in entry.items():
            if not any(fault[: len(path) + 1] == (*path, name) for fault in self.faulty):
                yield name, value

    def _parameters(
        self, entry: Mapping[str, Value], path: Path, summary: TemplateSummary | None
    ) -> Iterator[tuple[str, ParameterValue]]:
        given = mapping_of(entry.get("parameters"))
        if summary and summary.parameter(ENVIRONMENT_PARAMETER) and ENVIRONMENT_PARAMETER not in given:
            yield ENVIRONMENT_PARAMETER, self.environment
        boundary = self.root.get(BOUNDARY_KEY)
        if summary and summary.parameter(BOUNDARY_PARAMETER) and boundary and BOUNDARY_PARAMETER not in given:
            yield BOUNDARY_PARAMETER, str(boundary)
        for name, value in self._sound(given, (*path, "parameters")):
            if summary is not None:
                yield name, values.read(value)

    def _lines(self, entry: Mapping[str, Value], path: Path) -> dict[str, int]:
        """Lines of all parameters in the file, the faulty ones too."""
        given = mapping_of(entry.get("parameters"))
        lines = {name: self.document.line((*path, "parameters", name)) for name in given}
        return lines | ({"depends_on": self.document.line((*path, "depends_on"))} if "depends_on" in entry else {})


def _texts(value: Value) -> dict[str, str]:
    return {key: str(text) for key, text in mapping_of(value).items()}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []


_EMPTY_HINT = "it needs at least `region` and `stacks`"


def load(
    text: str, path: str, name: str, templates: Mapping[str, TemplateSummary], *, without_stacks: bool = False
) -> Environment:
    """The environment `name` that the text of the file at `path` says; raises InputError with every complaint.

    The file may be `without_stacks` for a command that writes the first one into it.
    """
    check_environment_name(name)
    document = read_with_faults(text, path)
    if document.value is None:
        raise InputError((*document.faults, Complaint("the file is empty", path, 1, hint=_EMPTY_HINT)))
    root = document.value
    # `stacks:` without anything below it reads as nothing, which is no mapping.
    if without_stacks and isinstance(root, Mapping) and root.get("stacks") in (None, {}):
        document = replace(document, value={**root, "stacks": {}})
    record = environment_record(templates, least_stacks=0 if without_stacks else 1)
    faults = [*record.faults(document.value, ()), *_more(document)]
    stacks = drafts(document, name, templates, {fault.path for fault in faults})
    scope = Scope(path, stacks, _declared(document), templates)
    combined = [row for stack in stacks for row in combinations(stack, scope)]
    found = [*document.faults, *_complaints(document, path, faults), *relations(scope)]
    faulty = {fault.path for fault in faults}
    fleet = fleet_draft(document, templates, faulty)
    found += fleet_complaints(document, fleet, scope, faulty)
    found += _of_apis(document, fleet, scope)
    found += clashes([named for stack in stacks for named in _named(stack, scope)], path, name)
    found += [complaint for check, complaint in combined if check.severity == "error"]
    # Warnings are left out of a failure: they may come from values that have to change anyway.
    if found:
        raise InputError(sorted(found, key=lambda complaint: complaint.line or 0))
    rows: list[tuple[Severity, Complaint]] = [("warning", complaint) for complaint in _doubted_region(document, path)]
    rows += [(check.severity, complaint) for check, complaint in combined]
    return replace(_environment(document, path, name, stacks, rows), fleet=read_fleet(document, fleet))


def _of_apis(document: Document, fleet: EnvironmentStack | None, scope: Scope) -> Iterator[Complaint]:
    """Complaints about stacks of databases-api, whose checks few environments need: every command reads one."""
    if any(summary.code for row in scope.stacks if (summary := scope.summary(row))):
        from aurora_cfn.environment.databases_api import api_complaints

        yield from api_complaints(document, fleet, scope)


def _named(stack: EnvironmentStack, scope: Scope) -> Iterator[Named]:
    """The stack with its template, nothing when the template or a value has a fault."""
    summary = scope.summary(stack)
    if summary is None or not set(stack.lines) - {"depends_on"} <= set(stack.parameters):
        return
    yield Named(stack, Side(summary.template, parameters=stack.with_names(scope.stack), stack=stack.name))


def _complaints(document: Document, path: str, faults: Sequence[Fault]) -> Iterator[Complaint]:
    """The faults with file and line; without those of a value that is ambiguous (duplicate key, YAML tag)."""
    unclear = {fault.key for fault in document.faults}
    for fault in faults:
        key = ".".join(map(str, fault.path))
        if not key or key not in unclear:
            yield Complaint(fault.what, path, document.line(fault.path), key, fault.hint)


def _doubted_region(document: Document, path: str) -> Iterator[Complaint]:
    root: Any = document.value
    doubt = region_doubt(root["region"])
    if doubt:
        yield Complaint(doubt, path, document.line(("region",)), "region")


def _declared(document: Document) -> tuple[str, ...]:
    stacks = member(document.value, "stacks")
    return tuple(stacks) if isinstance(stacks, Mapping) else ()


def _more(document: Document) -> Iterator[Fault]:
    """Faults that shapes cannot find: exclusive keys, ARNs of another account, dates that do not exist."""
    root = document.value
    if isinstance(root, Mapping) and root.get("express") is True and root.get("protect") is True:
        yield Fault(("express",), "express mode does not roll back, so a protected environment may not use it")
    if isinstance(root, Mapping) and root.get("live") is True and root.get("protect") is True:
        yield Fault(
            ("live",), "the code of functions may be replaced by hand, so a protected environment may not use it"
        )
    if isinstance(root, Mapping):
        yield from foreign_arns(root)
    yield from day_faults(document)


def _environment(
    document: Document,
    path: str,
    name: str,
    stacks: tuple[EnvironmentStack, ...],
    doubts: Sequence[tuple[Severity, Complaint]],
) -> Environment:
    root: Any = document.value
    found = [Finding("params", level, row.what, path, row.line or 1, key=row.key) for level, row in doubts]
    plain = ("account", "project", "profile", "role_arn", BOUNDARY_KEY, "bucket")
    return Environment(
        name=name,
        path=path,
        region=root["region"],
        stacks=stacks,
        tags=root.get("tags", {}),
        protect=root.get("protect", False),
        endpoint=root.get("endpoint", "aws"),
        notification_arns=tuple(root.get("notification_arns", ())),
        express=root.get("express", False),
        live=root.get("live", False),
        warnings=tuple(row for row in found if row.severity != "info"),
        unused=tuple(row for row in found if row.severity == "info"),
        **{key: root.get(key) for key in plain},
    )
