"""Subject: one template text with the values that it will be deployed with."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import _Hash

DEFAULT_REGION = "us-east-1"
"""The region of a template without one: all resource types exist there."""
_OURS = Path(__file__).parent
RULES_FOLDER = _OURS / "rules"
"""Our rules; `cfn-lint --append-rules` takes this folder too."""
_FACTS = _OURS.parent / "facts"


@dataclass(frozen=True, slots=True)
class Subject:
    """A template to lint; `parameters` maps names to values, None for a value that is known only at the deployment.

    `region` is empty when it is not known where the template will be deployed.
    """

    path: str
    text: str
    parameters: Mapping[str, str | None] = field(default_factory=dict)
    region: str = ""


def fingerprint(subject: Subject, engine: str) -> str:
    """What a result depends on besides the day, as 64 hexadecimal digits; `engine` is `engine_fingerprint()`."""
    parts = (engine, subject.text, subject.region, sorted(subject.parameters.items()))
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def engine_fingerprint(offered: Path | None = None) -> str:
    """Hash of cfn-lint's version, our rules and all that they read: the evaluator, facts, what RDS offers.

    Reads files and imports none of them."""
    digest = _of_installed_files().copy()
    if offered:
        _add(digest, offered)
    return digest.hexdigest()


@cache
def _of_installed_files() -> _Hash:
    # Kept for the process: what it runs is what it once imported.
    digest = hashlib.sha256()
    for source in (_cfnlint_version(), *_sources()):
        _add(digest, source)
    return digest


def _add(digest: _Hash, source: Path) -> None:
    digest.update(source.read_bytes())
    digest.update(b"\0")


def _sources() -> list[Path]:
    python = (_OURS, RULES_FOLDER, _FACTS, *(_OURS.parent / room for room in ("template", "yamltext", "model")))
    folders = (*((folder, "*.py") for folder in python), (_FACTS, "*.json"))
    return sorted(path for folder, pattern in folders for path in folder.glob(pattern))


def _cfnlint_version() -> Path:
    # The version's own file: importlib.metadata costs more than the whole look-up.
    spec = importlib.util.find_spec("cfnlint")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "version.py"
