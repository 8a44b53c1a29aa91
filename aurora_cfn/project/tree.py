"""Symbolic links of the repository, followed by the same rules on disk and in a git revision.

A link is followed if it is relative and stays inside of the repository, as git itself follows links
(`git cat-file --follow-symlinks`). Every other link is refused: a review could not show what it leads to.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal, Protocol

from aurora_cfn.errors import Complaint, InputError

Parts = tuple[str, ...]
"""A path below the top of the repository."""
MOST_LINKS = 40
"""Links followed on one whole path, as by Linux since 4.2 (path_resolution(7), read 2026-11-28)."""
HINT = "put the file itself here, or a relative link to a file of the repository"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a path is; `target` is the text of a link, `blob` git's hash of a file (empty on disk)."""

    kind: Literal["file", "folder", "link", "special", "none"]
    target: str = ""
    blob: str = ""


class Tree(Protocol):
    """The repository on disk, or at a commit."""

    def entry(self, parts: Parts) -> Entry:
        """What is there, a link not followed."""

    def names(self, parts: Parts) -> Sequence[str]:
        """The names in a folder."""


@contextmanager
def file_errors(path: object, verb: str = "read") -> Iterator[None]:
    """Raise InputError with the path for each error of the operating system in the block."""
    try:
        yield
    except OSError as error:
        raise InputError((Complaint(f"cannot be {verb}: {error.strerror}", str(path)),)) from None


@dataclass(frozen=True, slots=True)
class DiskTree:
    """The files below a folder."""

    root: Path

    def entry(self, parts: Parts) -> Entry:
        """What is there; raises InputError if it cannot be read."""
        path = self.root.joinpath(*parts)
        try:
            mode = path.lstat().st_mode
            if stat.S_ISLNK(mode):
                return Entry("link", os.readlink(path))
        except (FileNotFoundError, NotADirectoryError):
            return Entry("none")
        except OSError as error:
            raise InputError((Complaint(f"cannot be read: {error.strerror}", str(path)),)) from None
        if stat.S_ISREG(mode):
            return Entry("file")
        return Entry("folder" if stat.S_ISDIR(mode) else "special")

    def names(self, parts: Parts) -> Sequence[str]:
        """The names in the folder, sorted; raises InputError if it cannot be read."""
        path = self.root.joinpath(*parts)
        with file_errors(path):
            return sorted(os.listdir(path))


def on_disk(path: Path) -> tuple[DiskTree, Parts]:
    """The repository that a path is in, and the path below its top.

    Without git the top is the working folder, or for a path outside of it the folder that the path is in.
    """
    # Not resolved: that would follow the links which are to be checked.
    whole = Path(os.path.normpath(path.absolute()))
    here = Path.cwd()
    top = next((folder for folder in whole.parents if (folder / ".git").exists()), None)
    root = top or (here if whole.is_relative_to(here) else whole.parent)
    return DiskTree(root), whole.relative_to(root).parts


def follow(tree: Tree, parts: Parts, shown: str) -> Parts:
    """The path without links; raises InputError, with the path as `shown`, for a link that is not followed."""
    done: Parts = ()
    todo, links = list(parts), 0
    while todo:
        part = todo.pop(0)
        if part == "..":
            if not done:
                raise _refused(shown, "a link leads out of the repository")
            done = done[:-1]
            continue
        entry = tree.entry((*done, part))
        if entry.kind != "link":
            done = (*done, part)
            continue
        links += 1
        if links > MOST_LINKS:
            raise _refused(shown, "links lead to one another in a circle")
        if entry.target.startswith(("/", "\\")) or Path(entry.target).is_absolute():
            raise _refused(shown, f"a link leads to {entry.target!r}, an absolute path")
        todo = [*PurePosixPath(entry.target.replace(os.sep, "/")).parts, *todo]
    return done


def regular(tree: Tree, parts: Parts, shown: str) -> Entry:
    """What a path leads to: a file, a folder or nothing. Raises InputError for links out, pipes, devices, sockets."""
    entry = tree.entry(follow(tree, parts, shown))
    if entry.kind == "special":
        raise _refused(shown, "is a pipe, device or socket, not a file")
    return entry


@dataclass(frozen=True, slots=True)
class Walk:
    """Files of a folder with one of the endings; links that `follow` refuses raise InputError, or are left out.

    Without `hidden`, files and folders with a dot first are left out: they are drafts and locks of editors.
    """

    tree: Tree
    endings: tuple[str, ...]
    strict: bool = True
    hidden: bool = False

    def files(self, parts: Parts, shown: PurePosixPath, within: tuple[Parts, ...] = ()) -> Iterator[tuple[str, Entry]]:
        """The files at any depth, links followed: each path as below `shown`, with what it is."""
        entry = self._entry(parts, str(shown))
        if entry is None or entry.kind != "folder":
            return
        real = follow(self.tree, parts, str(shown))
        if any(real == one[: len(real)] for one in within):
            if self.strict:
                raise _refused(str(shown), "a link leads to a folder that contains it")
            return
        for name in self.tree.names(real):
            if self.hidden or not name.startswith("."):
                yield from self._below((*real, name), shown / name, (*within, real))

    def _below(self, parts: Parts, shown: PurePosixPath, within: tuple[Parts, ...]) -> Iterator[tuple[str, Entry]]:
        first = self.tree.entry(parts)
        if not shown.name.endswith(self.endings) and first.kind not in {"folder", "link"}:
            return
        entry = self._entry(parts, str(shown))
        if entry is None:
            return
        if entry.kind == "folder":
            yield from self.files(parts, shown, within)
        elif shown.name.endswith(self.endings):
            if entry.kind == "file":
                yield str(shown), entry
            elif self.strict:
                raise _refused(str(shown), "a link leads to nothing")

    def _entry(self, parts: Parts, shown: str) -> Entry | None:
        try:
            return regular(self.tree, parts, shown)
        except InputError:
            if self.strict:
                raise
            return None


def _refused(shown: str, what: str) -> InputError:
    return InputError((Complaint(what, shown, hint=HINT if "link" in what else ""),))
