"""Templates and params files of the worktree or of a git revision, read with the git command."""

from __future__ import annotations

import hashlib
import os
import posixpath
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from aurora_cfn.errors import Complaint, InputError
from aurora_cfn.project.files import ENDINGS, PARAMS, TEMPLATES, project_files
from aurora_cfn.project.tree import Entry, Parts, Walk, file_errors
from aurora_cfn.yamltext import decode

if TYPE_CHECKING:
    from aurora_cfn.template.template_url import RepositoryFiles

WORKTREE = "worktree"
MAIN = ("origin/HEAD", "origin/main", "main", "origin/master", "master")
"""Names of the main branch; the first that exists is used."""
_FOLDERS = (TEMPLATES, PARAMS)
_WHOLE_HISTORY = "fetch the whole history; GitHub: fetch-depth: 0 of actions/checkout, GitLab: GIT_DEPTH: 0"


@dataclass(slots=True, eq=False)  # a key of what is read of it
class Revision:
    """Templates and params of one revision; `blobs` has git's hash of each file, to find equal files.

    `commit` is None for the worktree.
    """

    label: str
    commit: str | None
    blobs: Mapping[str, str]
    texts: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    _files: RepositoryFiles | None = None
    _others: dict[str, str] = field(default_factory=dict)
    """Git's hashes of files outside of templates/ and params/; on disk those that were asked for."""

    def names(self, folder: Path, *, below: bool = False) -> list[str]:
        """Files directly in that folder, or at any depth with `below`, sorted."""
        depth = None if below else 1
        return sorted(name for name in self.blobs if folder in Path(name).parents[:depth])

    def text(self, name: str) -> str:
        """Text of a file; raises InputError if it is too large or not UTF-8, KeyError if it does not exist."""
        if name not in self.texts:
            data = self._content(self.blob(name)) if self.commit else Path(name).read_bytes()
            path = name if self.commit is None else f"{self.label}:{name}"
            self.texts[name] = decode(data, path).replace("\r\n", "\n")
        return self.texts[name]

    def blob(self, name: str) -> str:
        """Git's hash of a file of the repository, empty where there is none."""
        if name in self.blobs or name not in self.files:
            return self.blobs.get(name, "")
        if name not in self._others:
            self._others[name] = _blob(Path(name))
        return self._others[name]

    @property
    def files(self) -> RepositoryFiles:
        """All files of the repository: a nested template may be in any folder. Read when first asked for."""
        if self._files is None:
            # Most templates nest nothing.
            from aurora_cfn.template.template_url import RepositoryFiles

            found, submodules = _whole_tree(self.commit)
            self._others = {path: blob for path, blob in found.items() if blob}
            self._files = RepositoryFiles({*self.blobs, *found}, submodules)
        return self._files

    def _content(self, blob: str) -> bytes:
        """Content of a file of the commit; the first call reads all files, as a git process each takes longer."""
        if not self.contents:
            self.contents.update(_contents({*self.blobs.values()}))
        return self.contents[blob] if blob in self.contents else _git("cat-file", "blob", blob)


def revision(name: str, *, strict: bool = True) -> Revision:
    """The revision, or the worktree; raises InputError if git does not know it, or for a link out of the repository.

    With `strict` off such links are left out: no command deployed what they lead to.
    """
    if name == WORKTREE:
        return _worktree()
    commit = resolve(name)
    tree, top = _commit_tree(commit)
    walk = Walk(tree, ENDINGS, strict)
    try:
        found = [row for folder in _FOLDERS for row in walk.files((*top, *folder.parts), PurePosixPath(folder))]
    except InputError as error:
        raise InputError([replace(row, path=f"{name}:{row.path}") for row in error.complaints]) from None
    return Revision(name, commit, {path: entry.blob for path, entry in found})


@dataclass(frozen=True, slots=True)
class CommitTree:
    """The files of a commit, by path."""

    entries: Mapping[Parts, Entry]
    folders: Mapping[Parts, Sequence[str]]

    def entry(self, parts: Parts) -> Entry:
        """What is there; the text of a link is read with git."""
        found = self.entries.get(parts)
        if found is None:
            return Entry("folder" if parts in self.folders else "none")
        if found.kind == "link":
            return Entry("link", _git("cat-file", "blob", found.blob).decode("utf-8", "replace"))
        return found

    def names(self, parts: Parts) -> Sequence[str]:
        """The names in a folder."""
        return self.folders.get(parts, ())


def _commit_tree(commit: str) -> tuple[CommitTree, Parts]:
    """The commit's files below the working folder, or all of them if there are links; the working folder in it."""
    places = [place for folder in _FOLDERS for place in (f"{folder}", f"{folder}/")]
    listed = _git("ls-tree", "-r", "-z", commit, "--", *places)
    # 120000 is git's mode of a symbolic link; one may lead anywhere in the commit, so then all of it is listed.
    if b"\x00120000 " not in b"\0" + listed:
        return _read_tree(listed), ()
    top = _git("rev-parse", "--show-prefix").decode("utf-8", "replace").rstrip("\n")
    return _read_tree(_git("ls-tree", "-r", "-z", "--full-tree", commit)), PurePosixPath(top).parts


def _whole_tree(commit: str | None) -> tuple[dict[str, str], dict[str, str]]:
    """The files of the repository with their hashes, empty on disk, and its submodules with their commits.

    Paths begin at the working folder, as those that templates name do.
    """
    if commit is None:
        # `MODE HASH STAGE<tab>PATH`, without the files that git ignores: they are in no commit.
        listed = _listed("ls-files", "-z", "--stage", "--full-name", ":/")
        others = _listed("ls-files", "-z", "--others", "--exclude-standard", "--full-name", ":/")
        rows = [(row.split()[0], row.split()[1], row.partition("\t")[2]) for row in listed]
        rows += [("100644", "", path) for path in others]
    else:
        # `MODE KIND HASH<tab>PATH`
        listed = _listed("ls-tree", "-r", "-z", "--full-tree", commit)
        rows = [(row.split()[0], row.split()[2], row.partition("\t")[2]) for row in listed]
    above = _git("rev-parse", "--show-prefix").decode("utf-8", "replace").rstrip("\n")
    here = [(mode, blob, posixpath.relpath(path, above) if above else path) for mode, blob, path in rows]
    # 120000 is git's mode of a symbolic link, 160000 that of a submodule.
    files = {path: blob for mode, blob, path in here if mode not in {"120000", "160000"}}
    submodules = {path: blob for mode, blob, path in here if mode == "160000"}
    if commit is None:
        files = {path: "" for path in files if Path(path).is_file() and not Path(path).is_symlink()}
    return files, submodules


def _listed(*arguments: str) -> list[str]:
    """The rows of a git command that ends each with a zero byte."""
    return [row for row in _git(*arguments).decode("utf-8", "replace").split("\0") if row]


def _read_tree(listed: bytes) -> CommitTree:
    entries: dict[Parts, Entry] = {}
    folders: dict[Parts, dict[str, None]] = {}
    for row in filter(None, listed.decode("utf-8", "replace").split("\0")):
        about, _, path = row.partition("\t")
        mode, kind, blob = about.split()
        parts = PurePosixPath(path).parts
        if kind == "blob":
            entries[parts] = Entry("link" if mode == "120000" else "file", blob=blob)
        for depth in range(len(parts)):
            folders.setdefault(parts[:depth], {})[parts[depth]] = None
    return CommitTree(entries, {parts: sorted(names) for parts, names in folders.items()})


def default_base() -> str | None:
    """The commit where HEAD left the main branch; None if there is no main branch.

    Raises InputError if they have no common commit, as in a shallow clone.
    """
    for name in MAIN:
        try:
            other = resolve(name)
        # Most repositories have only one of these branches.
        except InputError:
            continue
        return _fork_point(name, other, "HEAD")
    return None


def base_of(name: str, head: str) -> tuple[str, str]:
    """The commit that `--base NAME` means, and its name: where `head` left a branch, a tag or a commit itself.

    Against the tip of a branch that has moved, its newer commits would be shown as undone by `head`. Raises InputError
    for an unknown name, and for a branch without a common commit, as in a shallow clone.
    """
    commit = resolve(name)
    if name == "HEAD":
        return commit, name
    full = _asked("rev-parse", "--symbolic-full-name", "--verify", "--quiet", "--end-of-options", name)
    if not full.stdout.startswith((b"refs/heads/", b"refs/remotes/")):
        return commit, name
    found = _fork_point(name, commit, "HEAD" if head == WORKTREE else head)
    return found, name if found == commit else found[:12]


def is_detached() -> bool:
    """Whether a commit and no branch is checked out, as pipelines do it."""
    return _asked("symbolic-ref", "--quiet", "HEAD").returncode != 0


def _fork_point(name: str, commit: str, head: str) -> str:
    found = _asked("merge-base", head, commit)
    if found.returncode == 0:
        return found.stdout.decode().strip()
    # The merge commit of a pull request, fetched alone: git has cut off its parents, but the commit itself names them.
    parents = _asked("cat-file", "commit", head).stdout.partition(b"\n\n")[0].splitlines()
    if f"parent {commit}".encode() in parents:
        return commit
    raise InputError((Complaint(f"{head} and {name} have no common commit here", hint=_WHOLE_HISTORY),))


def resolve(name: str) -> str:
    """The commit of a revision name; raises InputError if there is none."""
    # --end-of-options: a name that begins with a hyphen is no option of git.
    found = _asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    if found.returncode != 0:
        _git("rev-parse", "--git-dir")  # outside of a repository this raises git's own message
        if name == "HEAD":
            raise InputError("the repository has no commit yet, so there is nothing to compare with: commit first")
        hint = f"a branch, tag or commit; in CI: {_WHOLE_HISTORY}"
        raise InputError((Complaint(f"git does not know the revision {name!r}", hint=hint),))
    return found.stdout.decode().strip()


def head() -> tuple[str, bool]:
    """The last commit, and whether templates/ or params/ differ from it; ("", False) without a commit."""
    try:
        commit = resolve("HEAD")
        changed = _git("status", "--porcelain", "--", *map(str, _FOLDERS))
    except InputError:
        return "", False
    return commit, bool(changed.strip())


def _worktree() -> Revision:
    files = sorted(file for folder in _FOLDERS for file in project_files(folder))
    return Revision(WORKTREE, None, {file.as_posix(): _blob(file) for file in files})


def _blob(file: Path) -> str:
    """The hash that git would give the file, so that worktree and commits can be compared without reading both."""
    with file_errors(file.as_posix()):
        data = file.read_bytes()
    # A blob's hash is over its kind, its size and its content (Pro Git, "Git Objects").
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def answer(*arguments: str) -> str:
    """What a git command prints, without spaces around it; raises InputError if it fails."""
    return _git(*arguments).decode("utf-8", "replace").strip()


def _git(*arguments: str) -> bytes:
    found = _asked(*arguments)
    if found.returncode != 0:
        said = found.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ").splitlines()
        what = said[0] if said else "failed without a message"
        hint = "work in the folder of one, or: git init, and commit" if what.startswith("not a git repository") else ""
        raise InputError((Complaint(f"git: {what}", hint=hint),))
    return found.stdout


def _contents(blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Content by hash of those that git has; the output is `<hash> blob <size>`, the content and a line feed, each."""
    output = _asked("cat-file", "--batch", given="".join(f"{blob}\n" for blob in blobs).encode()).stdout
    start = 0
    while (end := output.find(b"\n", start)) >= 0:
        blob, *about = output[start:end].decode("ascii", "replace").split(" ")
        start = end + 1
        if len(about) == 2 and about[0] == "blob":
            size = int(about[1])
            yield blob, output[start : start + size]
            start += size + 1


def _asked(*arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command: Sequence[str] = ("git", "-c", "core.quotepath=off", *arguments)
    try:
        # Without the optional locks a `git` that the user runs at the same time is not disturbed.
        environ = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
        return subprocess.run(command, capture_output=True, check=False, env=environ, input=given)
    except OSError as error:
        raise InputError(f"git cannot be started: {error.strerror} (review reads revisions with it)") from None
