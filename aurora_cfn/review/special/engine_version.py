"""Changes of the engine version: minor and major upgrades, and downgrades."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.model.change import Effect, Verdict
from aurora_cfn.model.version_order import is_lower, numbers
from aurora_cfn.review.special.context import Context
from aurora_cfn.template.forms import uncertain
from aurora_cfn.template.resources import Resource

_GLOBAL = "::GlobalCluster"
_EVERY_MEMBER = "every member cluster in every Region restarts on the new version"


def version(context: Context) -> Effect | None:
    """A downgrade (refused by RDS), a major upgrade (it cannot be undone), or None for a minor one of a database."""
    difference = context.difference
    if difference.keys != ("EngineVersion",) or not context.type.endswith(("::DBCluster", "::DBInstance", _GLOBAL)):
        return None
    left, right = numbers(difference.before), numbers(difference.after)
    members = context.type.endswith(_GLOBAL)
    if left is None or right is None:
        return Effect(Verdict.INTERRUPTION, _EVERY_MEMBER, maybe=True) if members else None
    engine = context.after.properties.get("Engine", context.before.properties.get("Engine"))
    name = engine if isinstance(engine, str) else "the engine"
    words = f"{difference.before} to {difference.after}"
    if is_lower(left, right):
        return _downgrade(f"Cannot upgrade {name} from {words}")
    if _major(left, name) != _major(right, name):
        found = _major_upgrade(words, context.after)
        return replace(found, sentence=f"{found.sentence}; {_EVERY_MEMBER}") if members else found
    return Effect(Verdict.INTERRUPTION, _EVERY_MEMBER) if members else None


def _downgrade(message: str) -> Effect:
    return Effect(
        Verdict.INTERRUPTION,
        f"RDS does not downgrade: the update fails with `{message}` and rolls back",
        remedy="name the version that runs or a later one; give only the major version to follow minor upgrades",
        fails=True,
        alert=True,
    )


def _major_upgrade(words: str, after: Resource) -> Effect:
    allowed = after.properties.get("AllowMajorVersionUpgrade")
    # CloudFormation's handler of clusters sends AllowMajorVersionUpgrade by itself, that of instances does not.
    needs = after.type == "AWS::RDS::DBInstance" and allowed != "true"
    extra = "; without AllowMajorVersionUpgrade: true it fails" if needs else ""
    remedy = "take a snapshot first, try the upgrade on a clone, and change the parameter groups' Family with it"
    # Its handler sends them unchanged too: public report cloudformation-coverage-roadmap 2547, open since 2026-08.
    if after.type == "AWS::DocDB::DBCluster" and after.properties.get("VpcSecurityGroupIds"):
        extra = "; with VpcSecurityGroupIds it fails, as was reported in 2026-08: `Cannot change VPC security group`"
        remedy = f"upgrade with ModifyDBCluster of DocumentDB, and write the version here afterwards; {remedy}"
    return Effect(
        Verdict.INTERRUPTION,
        f"major upgrade {words}: an outage of minutes, and only a snapshot leads back{extra}",
        remedy=f"set AllowMajorVersionUpgrade: true; {remedy}" if needs else remedy,
        maybe=needs and uncertain(allowed),
        fails=needs,
        alert=True,
        guarded=True,
    )


def _major(parts: tuple[int, ...], engine: str) -> tuple[int, ...]:
    """PostgreSQL's major version is one number since 10, MySQL's and MariaDB's are two."""
    wide = "mysql" in engine or "maria" in engine or parts[0] < 10
    return parts[:2] if wide else parts[:1]
