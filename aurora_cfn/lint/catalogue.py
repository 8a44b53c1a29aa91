"""What each rule of ours is about: title, reason, fix and source."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from aurora_cfn.errors import InputError
from aurora_cfn.lint.engine import rules
from aurora_cfn.lint.other_files import OUTSIDE
from aurora_cfn.lint.suppressions import EXPLAINED


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule: what it is about, why it matters, what to do, and the page that says so."""

    id: str
    about: str
    why: str
    fix: str
    source: str
    checked: str


@cache
def catalogue() -> tuple[Entry, ...]:
    """Our rules, ordered by number."""
    found = [_entry(rule) for name, rule in rules().items() if re.match(r"[EWI]9", name)]
    found += [Entry(name, about, "", fix, "", "") for name, (about, fix) in (EXPLAINED | OUTSIDE).items()]
    return tuple(sorted(found, key=lambda row: (row.id[1:], row.id)))


def explained(name: str) -> str:
    """A rule in a few lines, ours or cfn-lint's. Raises InputError when there is none of this id."""
    wanted = name.upper()
    for entry in catalogue():
        if entry.id == wanted:
            return _text(entry)
    if wanted in rules():
        rule = rules()[wanted]
        return _text(Entry(wanted, rule.shortdesc, rule.description, "", rule.source_url, ""))
    near = get_close_matches(wanted, [*rules(), *EXPLAINED], n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    raise InputError(f"there is no rule {name!r}: {hint}list them with: aurora-cfn lint --list-rules")


def _entry(rule: Any) -> Entry:
    return Entry(rule.id, rule.shortdesc, rule.description, rule.fix, rule.source_url, rule.checked)


def _text(entry: Entry) -> str:
    source = f"{entry.source}, checked on {entry.checked}" if entry.checked else entry.source
    rows = ((f"{entry.id}: ", entry.about), ("Why: ", entry.why), ("Do: ", entry.fix))
    lines = [textwrap.fill(head + text, 100, subsequent_indent=" " * len(head)) for head, text in rows if text]
    return "\n".join([*lines, *([f"Source: {source}"] if source else [])]) + "\n"
