"""Drafts: stacks built from a file that may still have faults, so that everything else can be checked all the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from aurora_cfn.blueprint import Blueprint
from aurora_cfn.environment import values
from aurora_cfn.environment.keys import ENVIRONMENT_PARAMETER
from aurora_cfn.environment.naming import stack_name
from aurora_cfn.model.environment import AllowedReplacement, EnvironmentStack, ParameterValue
from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext import Document


def drafts(
    document: Document, environment: str, blueprints: Mapping[str, Blueprint], faulty: Collection[Path]
) -> tuple[EnvironmentStack, ...]:
    """Every entry under `stacks` that is a mapping, with the parts that are not `faulty`."""
    root = document.value if isinstance(document.value, Mapping) else {}
    stacks = root.get("stacks")
    builder = _Builder(document, environment, blueprints, faulty, root)
    return tuple(builder.stack(key, entry) for key, entry in _mapping(stacks).items() if isinstance(entry, Mapping))


class _Builder:
    def __init__(
        self,
        document: Document,
        environment: str,
        blueprints: Mapping[str, Blueprint],
        faulty: Collection[Path],
        root: Mapping[str, Value],
    ) -> None:
        self.document, self.environment, self.blueprints, self.faulty = document, environment, blueprints, faulty
        self.root = root

    def stack(self, key: str, entry: Mapping[str, Value]) -> EnvironmentStack:
        path: Path = ("stacks", key)
        sound = dict(self._sound(entry, path))
        template = str(sound.get("template", ""))
        parameters = dict(self._parameters(entry, path, template))
        return EnvironmentStack(
            key=key,
            name=str(sound.get("name", stack_name(key, self.environment))),
            template=template,
            parameters=parameters,
            line=self.document.line(path),
            lines=self._lines(entry, path),
            allow_replace=tuple(self._allowed(sound.get("allow_replace"), (*path, "allow_replace"))),
            after=tuple(map(str, _list(sound.get("depends_on")))),
            tags=_texts(self.root.get("tags")) | _texts(sound.get("tags")),
            protect=bool(sound.get("protect", self.root.get("protect", False))),
            stack_policy=_mapping(sound.get("stack_policy")) or None,
        )

    def _sound(self, entry: Mapping[str, Value], path: Path) -> Iterator[tuple[str, Any]]:
        for name, value in entry.items():
            if not any(fault[: len(path) + 1] == (*path, name) for fault in self.faulty):
                yield name, value

    def _parameters(
        self, entry: Mapping[str, Value], path: Path, template: str
    ) -> Iterator[tuple[str, ParameterValue]]:
        blueprint = self.blueprints.get(template)
        given = _mapping(entry.get("parameters"))
        if blueprint and blueprint.parameter(ENVIRONMENT_PARAMETER) and ENVIRONMENT_PARAMETER not in given:
            yield ENVIRONMENT_PARAMETER, self.environment
        for name, value in self._sound(given, (*path, "parameters")):
            if blueprint is not None:
                yield name, values.read(value)

    def _lines(self, entry: Mapping[str, Value], path: Path) -> dict[str, int]:
        """Lines of all parameters in the file, the faulty ones too."""
        given = _mapping(entry.get("parameters"))
        lines = {name: self.document.line((*path, "parameters", name)) for name in given}
        return lines | ({"depends_on": self.document.line((*path, "depends_on"))} if "depends_on" in entry else {})

    def _allowed(self, rows: Value, path: Path) -> Iterator[AllowedReplacement]:
        for number, row in enumerate(_list(rows)):
            told = _mapping(row)
            line = self.document.line((*path, number, "resource"))
            yield AllowedReplacement(str(told["resource"]), str(told["until"]), str(told["reason"]).strip(), line)


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, Mapping) else {}


def _texts(value: Value) -> dict[str, str]:
    return {key: str(text) for key, text in _mapping(value).items()}


def _list(value: Value) -> list[Value]:
    return value if isinstance(value, list) else []
