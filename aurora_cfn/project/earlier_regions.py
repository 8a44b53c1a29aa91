"""The regions that a params file names, in the worktree and in the commits that changed its `region:`."""

from __future__ import annotations

import re
from pathlib import Path

from aurora_cfn.errors import InputError
from aurora_cfn.project.files import read_text
from aurora_cfn.project.git import answer

# As it is written, so also in a file that is no valid params file any more.
_REGION = re.compile(r"""^region:\s*["']?([a-z]{2}(?:-[a-z]+)+-\d)\b""", re.MULTILINE)
_CHANGED = re.compile(r"[-+](?!--|\+\+)")
MOST_CHANGES = 10
"""Changes of the region that are looked at, the newest ones."""


def earlier_regions(path: str) -> tuple[str, ...]:
    """The regions, the newest first; only that of the worktree outside of git, and where the history is not there."""
    try:
        # One process: git looks only at commits that changed the file, and prints those with a line `region:` in them.
        changes = answer("log", "--format=", "-p", "-U0", "-G^region:", f"--max-count={MOST_CHANGES}", "--", path)
    except InputError:
        changes = ""
    return regions_in(read_text(Path(path)), changes)


def regions_in(text: str, changes: str) -> tuple[str, ...]:
    """The region of the text, then those of removed and added lines in the output of `git log -p`."""
    # Added ones too: the text may not be committed yet, and then no commit has removed the region before it.
    changed = "\n".join(line[1:] for line in changes.splitlines() if _CHANGED.match(line))
    return tuple(dict.fromkeys(found[1] for part in (text, changed) for found in _REGION.finditer(part)))
