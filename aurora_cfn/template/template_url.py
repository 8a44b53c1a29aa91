"""Which file of the repository the address of a nested template names.

A local path is what `aws cloudformation package`, SAM and Rain replace by an address. An address in S3 names a file by
its end: `https://${Bucket}.s3.amazonaws.com/${KeyPrefix}templates/rds.yaml` is `templates/rds.yaml` of the repository
for every bucket and prefix.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aurora_cfn.model.value import Value
from aurora_cfn.template.forms import intrinsic, joined_parts

_HOST: Final = re.compile(r"(?:s3|https?)://[^/]*")
_PINNED: Final = ("?", "#")
"""In an address with a query another version may be meant than that of the file."""


@dataclass(frozen=True, slots=True)
class RepositoryFiles:
    """The paths of the files of a revision, from the working folder, and its submodules: folder to commit."""

    paths: Iterable[str]
    submodules: Mapping[str, str] = field(default_factory=dict)
    _by_name: Mapping[str, list[str]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        found: dict[str, list[str]] = {}
        for path in self.paths:
            found.setdefault(posixpath.basename(path), []).append(path)
        object.__setattr__(self, "_by_name", found)

    def __contains__(self, path: str) -> bool:
        return path in self.named(posixpath.basename(path))

    def named(self, name: str) -> Sequence[str]:
        """The paths of the files with that name, in any folder."""
        return self._by_name.get(name, ())


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file of the repository. `local`: it is named by its path, so it is what is uploaded.

    `certain`: its whole path, of at least one folder, is the end of the address, or the other way round. Otherwise only
    the name of the file is known to be the same, as in a bucket whose folders are called otherwise.
    """

    path: str
    local: bool = False
    certain: bool = True


def in_submodule(location: Value, files: RepositoryFiles) -> str:
    """The file of a submodule that `location` names, with the commit of that; empty where it names none.

    The file itself is in another repository, but with the same commit its content is the same.
    """
    wanted = _end(location)
    for folder, commit in files.submodules.items():
        parts = tuple(folder.split("/"))
        start = next((one for one in range(len(wanted) - len(parts)) if wanted[one : one + len(parts)] == parts), None)
        if start is not None and commit:
            return f"{commit}:{'/'.join(wanted[start + len(parts) :])}"
    return ""


def named_file(location: Value, parent: str, files: RepositoryFiles) -> NamedFile | None:
    """The file that `location`, in normal form, names in the template at `parent`; None where that is not known."""
    branches = location.get("Fn::If") if isinstance(location, Mapping) and intrinsic(location) == "Fn::If" else None
    if isinstance(branches, list) and len(branches) == 3:
        both = [named_file(branch, parent, files) for branch in branches[1:]]
        return both[0] if both[0] == both[1] else None
    if isinstance(location, str) and not _HOST.match(location):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(parent), location))
        return NamedFile(path, local=True) if path in files else None
    return None if in_submodule(location, files) else _by_end(_end(location), parent, files)


def _end(location: Value) -> tuple[str, ...]:
    """The folders and the name of the file at the end of an address, behind the last part that is not known."""
    end = (joined_parts(location) or [location])[-1]
    if not isinstance(end, str) or any(mark in end for mark in _PINNED):
        return ()
    return tuple(filter(None, _HOST.sub("", end).split("/")))


def _by_end(wanted: tuple[str, ...], parent: str, files: RepositoryFiles) -> NamedFile | None:
    """The one file whose path shares the longest end with the address; of several the one beside the parent."""
    if not wanted:
        return None
    shared = {path: _shared(tuple(path.split("/")), wanted) for path in files.named(wanted[-1])}
    longest = max(shared.values(), default=0)
    found = [path for path, count in shared.items() if count == longest]
    if len(found) > 1:
        found = [path for path in found if posixpath.dirname(path) == posixpath.dirname(parent)]
    if len(found) != 1:
        return None
    whole = longest in {len(wanted), found[0].count("/") + 1}
    return NamedFile(found[0], certain=whole and longest > 1)


def _shared(path: tuple[str, ...], wanted: tuple[str, ...]) -> int:
    pairs = zip(reversed(path), reversed(wanted), strict=False)
    return next((count for count, (left, right) in enumerate(pairs) if left != right), min(len(path), len(wanted)))
