"""Resources and outputs as they are written, each with the names that its value depends on; nothing is evaluated.

The names are looked for in the text of an entry, not in its structure: that is several times faster, and a name too
many (a parameter `Value` beside a property of that name) only means that fewer results are shared between stacks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import scalar
from aurora_cfn.template.parsed import kept, section_of

PSEUDO: Final = frozenset({"AWS::AccountId", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"})
"""The pseudo parameters whose values a side may know."""
_NAMING: Final = ("Parameters", "Mappings", "Conditions", "Resources")
_NAME: Final = re.compile(r"[A-Za-z0-9:]+\Z")
# The text is JSON: an escape such as `\n` must not become part of the word after it.
_WORDS: Final = re.compile(r"\\u[0-9a-f]{4}|\\.|[A-Za-z0-9:]+")
_WORKED_OUT: Final = re.compile(r'"(?:Ref|Fn::FindInMap|Fn::GetAtt)": \[?[{]|"Fn::GetAtt": \[[^\]]*[{]')
"""A name computed by a function, as AWS::LanguageExtensions allows: it may be any name."""


@dataclass(frozen=True, slots=True, eq=False)
class Uses:
    """The parameters, pseudo parameters, mappings, conditions and resources that something may depend on.

    `values` are the parameters and pseudo parameters among them. Equal sets of one template are the same object.
    """

    names: frozenset[str]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One resource or output as written.

    `text` is equal for two entries only if they are written alike. `uses` includes what its conditions use; it is None
    when the entry may depend on anything. `position` is its place among the entries of its section.
    """

    position: int
    name: str
    raw: Mapping[str, Value]
    type: str
    condition: str | None
    text: str
    uses: Uses | None

    def may_refer_to(self, names: Collection[str]) -> bool:
        """Whether one of the names may be among those that the entry uses."""
        return self.uses is None or not self.uses.names.isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Entries(Mapping[str, Entry]):
    """Entries of one section by name, in their order; `types` has them by type."""

    rows: dict[str, Entry]
    types: Mapping[str, Sequence[Entry]]

    def __getitem__(self, name: str) -> Entry:
        return self.rows[name]

    def __contains__(self, name: object) -> bool:
        return name in self.rows

    def __iter__(self) -> Iterator[str]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def without(self, conditions: Collection[str]) -> Entries:
        """Those that have none of these conditions."""
        return _by_type(row for row in self.rows.values() if row.condition not in conditions)


def entries(template: Mapping[str, Value], section: str) -> Entries:
    """The entries of a section; without those that are no mapping, and functions in their place."""
    return kept(template, ("entries", section), lambda: _by_type(_entries(template, section)))


def _by_type(rows: Iterable[Entry]) -> Entries:
    named = {row.name: row for row in rows}
    types: dict[str, list[Entry]] = {}
    for row in named.values():
        types.setdefault(row.type, []).append(row)
    return Entries(named, types)


def text_of(value: Any) -> str:
    """The text of a raw value, in which `true` and `1` differ, although they are equal in Python."""
    return json.dumps(value, ensure_ascii=False, default=str)


def _entries(template: Mapping[str, Value], section: str) -> Iterator[Entry]:
    known = kept(template, "names", lambda: _Names(template))
    for position, (name, raw) in enumerate(section_of(template, section).items()):
        if isinstance(raw, Mapping) and not name.startswith("Fn::"):
            text, condition = text_of(raw), raw.get("Condition")
            chosen = condition if isinstance(condition, str) else None
            yield Entry(position, name, raw, str(scalar(raw.get("Type"))), chosen, text, known.behind(text))


def _with_functions(mappings: Mapping[str, Any]) -> dict[str, Any]:
    """The mappings with other values than plain text, which only a transform allows."""
    return {name: rows for name, rows in mappings.items() if '"Ref"' in text_of(rows) or "Fn::" in text_of(rows)}


class _Names:
    """All names that something in the template can refer to, and what each condition or mapping depends on."""

    def __init__(self, template: Mapping[str, Value]) -> None:
        self.opened = {**_with_functions(section_of(template, "Mappings")), **section_of(template, "Conditions")}
        self.values = PSEUDO.union(section_of(template, "Parameters"))
        names = [name for section in _NAMING for name in section_of(template, section)]
        self.all = self.values.union(names)
        # With a name such as `a-b` the words of a text are not the names in it.
        self.unusual = not all(map(_NAME.match, names))
        self.found: dict[frozenset[str], Uses | None] = {}
        # Conditions that name one another in a chain are all asked for by each entry.
        self.direct: dict[str, frozenset[str] | None] = {}

    def behind(self, text: str) -> Uses | None:
        """What a text depends on; equal sets are one object."""
        own = self._named(text)
        if own is None:
            return None
        if own not in self.found:
            names = self._closed(own)
            self.found[own] = None if names is None else Uses(names, tuple(sorted(names & self.values)))
        return self.found[own]

    def _named(self, text: str) -> frozenset[str] | None:
        if self.unusual or _WORKED_OUT.search(text):
            return None
        # An empty region in Fn::GetAZs is the stack's own.
        region = ("AWS::Region",) if "Fn::GetAZs" in text else ()
        return self.all.intersection((*_WORDS.findall(text), *region))

    def _directly(self, name: str) -> frozenset[str] | None:
        if name not in self.direct:
            self.direct[name] = self._named(text_of(self.opened[name]))
        return self.direct[name]

    def _closed(self, names: Iterable[str]) -> frozenset[str] | None:
        """The names with all that the conditions and mappings among them depend on."""
        found: set[str] = set()
        waiting = list(names)
        while waiting:
            name = waiting.pop()
            if name in found:
                continue
            found.add(name)
            more = self._directly(name) if name in self.opened else ()
            if more is None:
                return None
            waiting += more
        return frozenset(found)
