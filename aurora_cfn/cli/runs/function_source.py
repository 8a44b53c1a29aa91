"""The functions of deployed stacks, each with the folder that its code is run from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.environment.shapes import closest
from aurora_cfn.errors import InputError
from aurora_cfn.local.live.lines import shown_path
from aurora_cfn.local.live.source import PYTHON, Source, chosen_source, first_source, template_source
from aurora_cfn.model.environment import EnvironmentStack
from aurora_cfn.packaging import copied_handlers
from aurora_cfn.project.files import write_bytes
from aurora_cfn.template.summary import TemplateSummary

PROJECT_FOLDERS = (Path("handlers"), Path("src/handlers"))
"""Folders of a project that may have the handlers of a template of ours."""


@dataclass(frozen=True, slots=True)
class LiveFunction:
    """A deployed function; `note` is what to know about its source."""

    arn: str
    name: str
    environment: Mapping[str, str]
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The folders of `--source`: by logical id, and the one of all the others."""

    by_id: Mapping[str, Path]
    others: Path | None

    @classmethod
    def of(cls, texts: Sequence[str]) -> _Wanted:
        """Read the values. Raises InputError for a folder that is not there."""
        by_id, others = {}, None
        for text in texts:
            name, equals, folder = text.rpartition("=")
            path = Path(folder)
            if not path.is_dir():
                raise InputError(f"--source {text}: {folder} is not a folder")
            if equals:
                by_id[name] = path
            else:
                others = path
        return cls(by_id, others)


def functions_with_source(
    target: Target,
    stacks: Sequence[EnvironmentStack],
    found: Mapping[str, Any],
    wanted: Sequence[str],
    sources: Sequence[str],
    copy_to: Path | None,
) -> list[LiveFunction]:
    """The Python functions of the stacks, `found` by the emulator; `wanted` are logical ids, none: all of them.

    Functions without a source, such as those whose code is in the template, are left out with a message, unless they
    are wanted. Raises InputError for a stack that is not deployed, and for names and folders that fit no function.
    """
    folders = _Wanted.of(sources)
    rows = [row for row in found["functions"] if str(row["runtime"]).startswith(PYTHON)]
    _check_names(found, rows, [*wanted, *folders.by_id], target.environment.name)
    rows = [row for row in rows if not wanted or row["logical_id"] in wanted]
    by_name = {row.name: row for row in stacks}
    if copy_to:
        _copy(target, [by_name[name] for name in dict.fromkeys(row["stack"] for row in rows)], copy_to)
        folders = _Wanted(folders.by_id, folders.others or copy_to)
    functions = []
    for row in sorted(rows, key=lambda row: (row["stack"], row["logical_id"])):
        made = _function(target, by_name[row["stack"]], row, folders)
        if made:
            functions.append(made)
        elif row["logical_id"] in wanted:
            raise InputError(_unknown(row))
        elif not _is_inline(target.templates[by_name[row["stack"]].template], row["logical_id"]):
            info(f"{_unknown(row)}; it runs the packaged code")
    _check_sources(functions, folders)
    return functions


def _unknown(row: Mapping[str, Any]) -> str:
    name = row["logical_id"]
    return f"no source of {name} in {row['stack']} (handler {row['handler']}): name it with --source {name}=FOLDER"


def _check_sources(functions: Sequence[LiveFunction], folders: _Wanted) -> None:
    if not functions:
        raise InputError("no function has a source here: name the folder with --source FOLDER")
    used = {row.source.folder for row in functions}
    if folders.others and folders.others.resolve() not in used:
        raise InputError(f"{folders.others} has the handler of no function: name the folder that has it")


def _check_names(found: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], named: Sequence[str], env: str) -> None:
    known = [str(row["logical_id"]) for row in rows]
    if not known:
        missing = ", ".join(found["missing"])
        what = f"not deployed: {missing}; aurora-cfn deploy --env {env}" if missing else "the stacks have none"
        raise InputError(f"no Python function to run: {what}")
    for name in named:
        if name not in known:
            near = closest(name, known)
            raise InputError(f"there is no Python function {name}: {f'do you mean {near}?' if near else known}")


def _function(target: Target, stack: EnvironmentStack, row: Mapping[str, Any], folders: _Wanted) -> LiveFunction | None:
    template, handler, name = target.templates[stack.template], str(row["handler"]), str(row["logical_id"])

    def made(source: Source | None) -> LiveFunction | None:
        if source is None:
            return None
        note = _not_deployed(target, stack, source) if template.code else ""
        return LiveFunction(row["arn"], row["name"], row["environment"], source, note)

    if name in folders.by_id:
        return made(chosen_source(folders.by_id[name], handler, name))
    if _is_inline(template, name):
        return None
    found = first_source([folders.others] if folders.others else [], handler)
    if found:
        return made(found)
    if not template.code:
        named = template_source(template.template, Path(template.path), name)
        return made(first_source([named] if named else [], handler))
    if stack.handlers:
        return made(chosen_source(Path(stack.handlers), handler, name))
    found = first_source(PROJECT_FOLDERS, handler)
    return made(found or first_source([_shipped()], handler))


def _not_deployed(target: Target, stack: EnvironmentStack, source: Source) -> str:
    """What to write so that `deploy` packages this folder; empty where it does already."""
    if source.folder in {Path(stack.handlers or _shipped()).resolve(), _shipped().resolve()}:
        return ""
    there = stack.handlers or "the handlers that aurora-cfn ships"
    line = f"`handlers: {shown_path(str(source.folder))}` under stacks.{stack.key} in {target.environment.path}"
    return f" (deploy packages {there}; to deploy this folder, write {line})"


def _is_inline(template: TemplateSummary, logical_id: str) -> bool:
    """Whether the template itself has the code."""
    resource = template.template.get("Resources")
    for key in (logical_id, "Properties"):
        resource = resource.get(key) if isinstance(resource, Mapping) else None
    if not isinstance(resource, Mapping):
        return False
    code = resource.get("Code")
    return "InlineCode" in resource or (isinstance(code, Mapping) and "ZipFile" in code)


def _shipped() -> Path:
    return Path(str(resources.files("aurora_cfn"))) / "handlers"


def _copy(target: Target, stacks: Sequence[EnvironmentStack], folder: Path) -> None:
    """Write the handlers of the stacks' templates. Raises InputError if the folder has something already."""
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"--copy-handlers: {folder} is not empty; run what is in it with --source {folder}")
    names = [name for row in stacks for name in target.templates[row.template].code]
    for name, data in copied_handlers(names).items():
        write_bytes(folder / name, data)
