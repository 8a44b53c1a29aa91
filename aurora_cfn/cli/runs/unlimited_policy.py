"""The policy of a command without an environment: its own calls, on any resource."""

from __future__ import annotations

from dataclasses import replace

from aurora_cfn.aws.live_calls import unused_beside_sessions
from aurora_cfn.aws.permissions import needed
from aurora_cfn.facts.regions import partition
from aurora_cfn.iam.policy import Grants
from aurora_cfn.iam.scope import Scope


def own_calls(name: str) -> Grants:
    """The actions of the command's own calls, but for those that only end a session of `dev` and are in its policy."""
    unused = unused_beside_sessions(needed(name))
    return Grants([action for action in needed(name) if action not in unused])


def any_resource(region: str | None, account: str | None) -> Scope:
    """All resources, in one region and account if they are given."""
    place = Scope(partition(region), region) if region else Scope()
    return replace(place, account=account) if account else place
