"""The name of the project: from the params file, the git remote, or the folder."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from aurora_cfn.errors import InputError

REMOTE = "origin"
LONGEST = 128  # as `project:` of a params file allows; a tag's value may have 256


def project_name(written: str | None, folder: Path | None = None) -> str:
    """`project:` of the params file; else the repository's name, with the folder's path in it; else the folder's name.

    `shop` for a remote such as `git@example.com:team/shop.git`, `shop/services/billing` for a project in a folder of
    that repository. Clones and worktrees of one repository are one project.
    """
    return written or _found(folder or Path.cwd())


# Each answer is the start of git.
@lru_cache(maxsize=8)
def _found(folder: Path) -> str:
    try:
        name, inside = _repository(folder)
    except InputError:
        return _tag_text(folder.resolve().name)
    return _tag_text(f"{name}/{inside}".rstrip("/"))


def _repository(folder: Path) -> tuple[str, str]:
    """Name of the repository, and the folder's path in it. Raises InputError outside of one."""
    # Imported here: most commands need no name, or the params file has it.
    from aurora_cfn.project.git import answer

    inside = answer("-C", str(folder), "rev-parse", "--show-prefix")
    try:
        remote = answer("-C", str(folder), "config", "--get", f"remote.{REMOTE}.url")
        return repository_name(remote), inside
    except InputError:
        # The common folder is that of the main worktree, whose name every other worktree shares.
        common = answer("-C", str(folder), "rev-parse", "--path-format=absolute", "--git-common-dir")
        return Path(common).parent.name, inside


def repository_name(remote: str) -> str:
    """`shop` for `https://example.com/team/shop.git` and `git@example.com:team/shop`."""
    return re.split(r"[/:\\]", remote.rstrip("/"))[-1].removesuffix(".git")


def _tag_text(name: str) -> str:
    """The name with only what the value of a tag may hold."""
    return re.sub(r"[^\w .:/=+@-]+", "-", name).strip()[:LONGEST] or "project"
