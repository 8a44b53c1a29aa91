"""Whether the secrets that a template reads exist and hold the keys that it asks for; values are never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from aurora_cfn.deploy.preflight.check import Check, CheckPorts, stack_finding
from aurora_cfn.deploy.preflight.subject import Subject
from aurora_cfn.model.finding import Finding
from aurora_cfn.model.value import texts

NAME = "secret"
Held = Mapping[str, frozenset[str] | None]
# {{resolve:secretsmanager:NAME-OR-ARN:SecretString:KEY:VERSION-STAGE:VERSION-ID}}; an ARN has colons itself.
_REFERENCE = re.compile(
    r"\{\{resolve:secretsmanager:(?P<id>arn:[^:{}]+:secretsmanager:[^:{}]*:[^:{}]*:secret:[^:{}]+|[^:{}]+)"
    r"(?::SecretString(?::(?P<key>[^:{}]*))?[^{}]*)?\}\}"
)


def wanted(about: Subject) -> dict[str, set[str]]:
    """Keys that the template reads from each secret whose name is known."""
    found: dict[str, set[str]] = {}
    for resource in about.new.values():
        for part in texts(resource.properties):
            for hit in _REFERENCE.finditer(part):
                found.setdefault(hit["id"], set()).update([hit["key"]] if hit["key"] else [])
    return found


def facts(ports: CheckPorts, about: Subject) -> Held:
    """Names of the keys in each secret, None for one that does not exist."""
    return {name: ports.secrets.keys(name) for name in wanted(about)}


def findings(about: Subject, held: Held) -> Iterator[Finding]:
    """An error for each secret that is missing or lacks a key."""
    for name, keys in wanted(about).items():
        place = about.parameter_with(name)
        # What a person wrote into a parameter is not repeated: it may be the password itself.
        which = f"the secret that {place} names" if place else f"the secret {name}"
        what = _problem(which, keys, held[name], about.environment.region)
        if what:
            yield stack_finding(NAME, "error", what, about, place)


def _problem(which: str, keys: set[str], held: frozenset[str] | None, region: str) -> str:
    if held is None:
        return f"{which} does not exist in {region}: create it with the keys {_words(keys)}, or correct it"
    missing = keys - held
    if not missing:
        return ""
    has = f"has {_words(held)}" if held else "is not a JSON object with keys"
    return f"{which} lacks {_words(missing)}: it {has}"


def _words(names: set[str] | frozenset[str]) -> str:
    return ", ".join(sorted(names)) or "none"


CHECK = Check(NAME, "the secrets that the template reads", ("secretsmanager:GetSecretValue",), facts, findings)
