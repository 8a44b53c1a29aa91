"""YAML text to values, with the line of every key.

It reads the events of the parser, so that the limits of depth and size and duplicate keys are checked before a value
is built: an alias bomb cannot use up the memory.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, cast

import yaml

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.model.value import Path, Value
from aurora_cfn.yamltext.merge_keys import MERGE, merged
from aurora_cfn.yamltext.scalars import (
    BOOLS_11,
    BOOLS_12,
    COLLECTIONS,
    SHORT,
    TEXT,
    has_core_type,
    long_form,
    long_name,
    plain,
    with_yaml_escapes,
)

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, the same events
    from yaml import SafeLoader as _Loader  # type: ignore[assignment] # one name for two classes

MAX_BYTES = 1_048_576
"""CloudFormation's limit of a template in S3 (quotas, read 2026-11); also the limit of a params file."""
_REFERENCES = (
    "write plain values; references are mappings such as {stack: network}, {output: network.VpcId}, {ssm: /path} or"
    " {env: NAME}"
)
MAX_DEPTH = 64
"""Levels of nesting: what walks a value does so by recursion."""
MAX_NODES = 200_000
"""Values of a document after its aliases are expanded."""


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed text: its value, and the 1-based line of every key and list item.

    `faults` are duplicate keys and tags, for callers that report them together with their own complaints. `aliases`
    are the lines of aliases and merge keys of a template.
    """

    value: Value
    lines: Mapping[Path, int] = field(default_factory=dict)
    faults: tuple[Complaint, ...] = ()
    aliases: tuple[int, ...] = ()

    def line(self, path: Path) -> int:
        """Line of the path, else of its nearest ancestor with a line, else 1."""
        while path:
            if path in self.lines:
                return self.lines[path]
            path = path[:-1]
        return 1


def decode(data: bytes, path: str) -> str:
    """Text of a file; raises InputError if it is not UTF-8 or has more than MAX_BYTES."""
    if len(data) > MAX_BYTES:
        raise InputError((Complaint(f"the file is larger than {MAX_BYTES:,} bytes, the maximum", path),))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"not UTF-8: byte 0x{data[error.start]:02x}"
        raise InputError((Complaint(what, path, line, hint="save the file as UTF-8"),)) from None


def read_plain(text: str, path: str) -> Document:
    """The document of plain YAML 1.2. Raises InputError, also for tags and duplicate keys."""
    return _faultless(read_with_faults(text, path))


def read_with_faults(text: str, path: str) -> Document:
    """As `read_plain`, but with duplicate keys and tags in `faults`. Raises InputError if it is not YAML."""
    return _Reader(text, path, tags=False).document()


def read_template(text: str, path: str) -> Document:
    """The document of a template in YAML or JSON: intrinsics in long form, merge keys merged. Raises InputError.

    Booleans are those of YAML 1.1 (`yes`, `on`), as CloudFormation reads them. A text that was read before costs a
    tenth: a deployment reads the same template for its values, its changes and its costs.
    """
    return cast(Document, pickle.loads(_template(text, path)))


# Several commands read a file more than once: to check it, and to find lines for messages.
@lru_cache(maxsize=32)
def _template(text: str, path: str) -> bytes:
    """The document, pickled so that each caller gets a value of its own."""
    return pickle.dumps(_faultless(_Reader(text, path, tags=True).document()))


def _faultless(document: Document) -> Document:
    if document.faults:
        raise InputError(document.faults)
    return document


@dataclass(slots=True)
class _Frame:
    """A mapping or list that is being read; `key` is the key whose value comes next."""

    container: dict[Any, Any] | list[Any]
    path: Path
    tag: str | None
    anchor: str | None
    key: Any = None
    has_key: bool = False


class _Reader:
    """Builds the value from parser events, without recursion."""

    def __init__(self, text: str, path: str, *, tags: bool) -> None:
        self.text, self.path, self.tags = with_yaml_escapes(text) if tags else text, path, tags
        self.bools = BOOLS_11 if tags else BOOLS_12
        self.lines: dict[Path, int] = {}
        self.anchors: dict[str, tuple[Value, int]] = {}
        self.anchored: dict[int, Path] = {}
        self.complaints: list[Complaint] = []
        self.aliases: dict[int, None] = {}
        self.nodes = 0
        self.stack: list[_Frame] = []
        self.root: Value = None
        self.documents = 0

    def document(self) -> Document:
        if len(self.text) > MAX_BYTES:
            raise self._stop(f"the text has {len(self.text):,} characters; the maximum is {MAX_BYTES:,}", 1)
        try:
            for event in yaml.parse(self.text, Loader=_Loader):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            raise self._syntax(error) from None
        except yaml.YAMLError as error:
            raise self._stop(f"not YAML: {error}".splitlines()[0], 1) from None
        return Document(self.root, self.lines, tuple(self.complaints), tuple(self.aliases) if self.tags else ())

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise self._stop("a second document begins here; one file holds one document", line)
        elif isinstance(event, yaml.ScalarEvent):
            self._put(self._scalar(event, line), event.anchor, line)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, line)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._open(event, line)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            frame = self.stack.pop()
            value = long_form(frame.tag, self._merged(frame))
            if frame.anchor is not None:
                self.anchored[id(value)] = frame.path
            self._put(value, frame.anchor, line, opened=True)

    def _merged(self, frame: _Frame) -> dict[Any, Any] | list[Any]:
        container = frame.container
        if not self.tags or not isinstance(container, dict) or MERGE not in container:
            return container
        self.aliases[self.lines[*frame.path, MERGE]] = None
        found = merged(container, frame.path, self.lines, self.anchored)
        if found is None:
            where = (*frame.path, MERGE)
            what = "<< merges mappings only, such as <<: *shared"
            self.complaints.append(Complaint(what, self.path, self.lines[where], _dotted(where)))
        return container if found is None else found

    def _open(self, event: Any, line: int) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise self._stop(f"nested deeper than {MAX_DEPTH} levels", line)
        if self.stack and isinstance(self.stack[-1].container, dict) and not self.stack[-1].has_key:
            raise self._stop("a key must be text, not a mapping or a list", line)
        container: dict[Any, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._path()
        self.lines.setdefault(path, line)
        tag = self._tag(event.tag, line)
        # Paths contain the long-form key (Fn::Sub) also for a short intrinsic, as the value does.
        inner = path if tag is None else (*path, long_name(tag))
        self.stack.append(_Frame(container, inner, tag, event.anchor))

    def _scalar(self, event: Any, line: int) -> Value:
        # `!!int "60"` of a template, as CloudFormation reads it.
        if self.tags and has_core_type(event.tag, value := plain(event.value, self.bools)):
            return value
        tag = self._tag(event.tag, line)
        if tag is not None:
            return long_form(tag, event.value)
        return plain(event.value, self.bools) if event.implicit[0] else str(event.value)

    def _tag(self, tag: str | None, line: int) -> str | None:
        if tag is None or tag == "!" or tag == TEXT or (self.tags and tag in COLLECTIONS):
            return None
        short = SHORT.match(tag) if self.tags else None
        if short is None:
            hint = "" if self.tags else _REFERENCES
            what = f"the YAML tag {tag} is not allowed here"
            self.complaints.append(Complaint(what, self.path, line, _dotted(self._path()), hint))
            return None
        return short[1]

    def _alias(self, anchor: str | None, line: int) -> None:
        if anchor is None or anchor not in self.anchors:
            raise self._stop(f"*{anchor} names an anchor that does not exist", line)
        value, size = self.anchors[anchor]
        self.aliases[line] = None
        self._count(size, line)
        self._put(value, None, line)

    def _put(self, value: Value, anchor: str | None, line: int, *, opened: bool = False) -> None:
        self._count(1, line)
        if anchor is not None:
            self.anchors[anchor] = (value, _size(value))
        if not self.stack:
            self.root = value
            return
        frame = self.stack[-1]
        if isinstance(frame.container, list):
            if not opened:
                self.lines.setdefault((*frame.path, len(frame.container)), line)
            frame.container.append(value)
        elif frame.has_key:
            frame.container[frame.key] = value
            frame.has_key = False
        else:
            self._key(frame, value, line)

    def _key(self, frame: _Frame, value: Value, line: int) -> None:
        key = value if isinstance(value, str) else _key_text(value)
        assert isinstance(frame.container, dict)
        path = (*frame.path, key)
        if key in frame.container:
            first = self.lines.get(path, 1)
            what = f"the key {key!r} occurs twice, first in line {first}"
            self.complaints.append(Complaint(what, self.path, line, _dotted(path)))
        self.lines[path] = line
        frame.key, frame.has_key = key, True

    def _path(self) -> Path:
        if not self.stack:
            return ()
        frame = self.stack[-1]
        return (*frame.path, frame.key if isinstance(frame.container, dict) else len(frame.container))

    def _count(self, nodes: int, line: int) -> None:
        self.nodes += nodes
        if self.nodes > MAX_NODES:
            raise self._stop(f"anchors expand to more than {MAX_NODES:,} values", line)

    def _stop(self, what: str, line: int) -> InputError:
        return InputError((*self.complaints, Complaint(what, self.path, line)))

    def _syntax(self, error: yaml.MarkedYAMLError) -> InputError:
        mark = error.problem_mark or error.context_mark
        lines = self.text.splitlines() or [""]
        # The parser reports what is missing at the end of the text after the last line.
        line = min(mark.line + 1, len(lines)) if mark else 1
        row = lines[line - 1]
        # JSON may be indented with tabs.
        tabs = row.lstrip(" ").startswith("\t") and not self.text.lstrip().startswith("{")
        hint = "indent with spaces: YAML does not allow tabs" if tabs else ""
        what = f"not YAML: {error.problem or error.context}"
        return InputError((*self.complaints, Complaint(what, self.path, line, hint=hint)))


def _key_text(value: Value) -> str:
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _size(value: Value) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(map(_size, value.values()))
    if isinstance(value, list):
        return 1 + sum(map(_size, value))
    return 1
