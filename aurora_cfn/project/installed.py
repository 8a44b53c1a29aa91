"""How aurora-cfn was installed, so that a pipeline can install the same."""

from __future__ import annotations

import json
from importlib.metadata import Distribution, PackageNotFoundError
from typing import Any

NAME = "aurora-cfn"


def requirement(version: str) -> str | None:
    """What pip is given to install what runs here; None where another machine cannot reach it.

    An installation from an index is pinned to its version; one from a repository to its commit; one from a URL to its
    hash. A name alone is never guessed: in an index that this program did not come from, it may be anyone's.
    """
    try:
        recorded = Distribution.from_name(NAME).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return requirement_of(recorded, version)


def requirement_of(recorded: str | None, version: str) -> str | None:
    """The requirement for a `direct_url.json` (PEP 610); without one, pip took the package from an index."""
    if recorded is None:
        return f"{NAME}=={version}"
    try:
        found: dict[str, Any] = json.loads(recorded)
        url = str(found["url"])
    except (ValueError, KeyError, TypeError):
        return None
    if not url.startswith(("https://", "http://", "ssh://")):
        return None
    folder = f"#subdirectory={found['subdirectory']}" if found.get("subdirectory") else ""
    if version_control := found.get("vcs_info"):
        return f"{NAME} @ {version_control['vcs']}+{url}@{version_control['commit_id']}{folder}"
    hashes = found.get("archive_info", {}).get("hashes", {})
    return f"{NAME} @ {url}#sha256={hashes['sha256']}" if "sha256" in hashes else None
