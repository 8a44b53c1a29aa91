"""Findings of cfn-lint that are known to be wrong, so that they are left out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aurora_cfn.lint.engine_versions import KINDS, is_major, may_be_newer

# E3690 and E3691 are about clusters and instances, and so are W3690 and W3691.
_UNKNOWN_VERSION: Final = frozenset({"E3690", "E3691"})
_WITHDRAWN_VERSION: Final = frozenset({"W3690", "W3691"})
_DEPENDENCY: Final = "E3021"
_UNKNOWN_PROPERTY: Final = "E3002"
# Of a tag E3024 finds both for every type, so for the types whose schema has the bound too there are two findings.
_BOUNDS: Final = frozenset({"E3031", "E3033"})
# Warnings about aliases and merge keys, which E9077 reports as errors, and about local paths, which `deploy` uploads.
_REPLACED: Final = frozenset({"W1100", "W1101", "W3002"})
# Rules of cfn-lint 1.58.0 that compare a value with other properties, and take a dynamic reference for its own text.
_COMPARED: Final = _UNKNOWN_VERSION | {"E3615", "E3677", "E3693", "E3707"}
# Properties that are newer than the schemas of cfn-lint 1.58.0 (2026-10-20); Amazon RDS API Reference, CreateDBCluster.
_NEWER_PROPERTIES: Final = {"AWS::RDS::DBCluster": ("WithExpressConfiguration",)}


def is_wrong(rule: str, message: str, path: Sequence[str | int], template: Any) -> bool:
    """Whether a finding of cfn-lint at a path of the template is known to be wrong, or one of ours says it better."""
    if rule in _REPLACED or (rule in _BOUNDS and path[2:4] == ["Properties", "Tags"]):
        return True
    if rule in _COMPARED and "{{resolve:" in str(_value_at(path, template)):
        return True
    judged = {*_UNKNOWN_VERSION, *_WITHDRAWN_VERSION, _DEPENDENCY, _UNKNOWN_PROPERTY}
    if rule not in judged or len(path) < 3 or path[0] != "Resources":
        return False
    resource = template["Resources"][path[1]]
    properties = resource.get("Properties")
    if not isinstance(properties, Mapping):
        return False
    if rule == _UNKNOWN_PROPERTY:
        return path[-1] in _NEWER_PROPERTIES.get(str(resource.get("Type")), ())
    if rule == _DEPENDENCY:
        # MasterUserPassword without MasterUsername is right for a restored cluster: the user comes from the snapshot,
        # and the handler of AWS::RDS::DBCluster sets the password after the restore.
        return "'MasterUsername'" in message and "SnapshotIdentifier" in properties
    found = re.match(r"'([^']+)'", message)
    version, engine = found[1] if found else "", str(properties.get("Engine")).lower()
    if rule in _WITHDRAWN_VERSION:
        # RDS accepts a major version alone and chooses the minor, so it is never withdrawn.
        return is_major(engine, str(properties.get("EngineVersion")))
    kind = KINDS.get(str(resource.get("Type")))
    return kind is not None and may_be_newer(kind, engine, version)


def _value_at(path: Sequence[str | int], template: Any) -> Any:
    """What the template has at a path, None where nothing is."""
    for key in path:
        try:
            template = template[key]
        except (KeyError, IndexError, TypeError):
            return None
    return template
