"""Changes of a client's stack: a change set, which is executed only where it keeps all data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal

from .aws_calls import RefusedError, refusals
from .client_stacks import CAPABILITIES, PROTECTION, ClientStack, ClientStacks
from .fleet_names import OWN_PARAMETERS, VERSION

WAIT_SECONDS, POLL_SECONDS = 20, 1
"""Most of the 29 seconds of a request: what is left is for the calls before and after."""
EXISTS = "AlreadyExistsException"
# The types with data of the templates for clients; an instance has data of its own only where there is no cluster.
DATA = frozenset({"AWS::RDS::DBCluster", "AWS::DSQL::Cluster", "AWS::SecretsManager::Secret"})
INSTANCE = "AWS::RDS::DBInstance"

Outcome = tuple[Literal["started", "nothing", "waiting", "data loss", "refused"], str]
"""What became of a change, and for the last two which resources would lose data or why AWS refuses."""


@dataclass(frozen=True, slots=True)
class Change:
    """What is to change: parameters of this client, the version of the fleet, the protection of the database."""

    own: Mapping[str, str]
    upgrade: bool = False
    protected: bool | None = None


@dataclass(frozen=True, slots=True)
class ClientChanges:
    """Makes, reviews and executes change sets. Every method raises RefusedError."""

    stacks: ClientStacks
    sleep: Callable[[float], None]

    def apply(self, stack: ClientStack, change: Change) -> Outcome:
        """Begin the change. The same change again continues with the change set that the first request has made."""
        request = self._request(stack, change)
        wanted = repr((stack.changed, sorted(request["Parameters"], key=repr), request["TemplateURL"]))
        name = f"api-{sha256(wanted.encode()).hexdigest()[:20]}"
        api = self.stacks.clients("cloudformation", stack.region)
        place = {"StackName": stack.arn, "ChangeSetName": name}
        try:
            with refusals():
                api.create_change_set(**request, **place, ChangeSetType="UPDATE")
        except RefusedError as error:
            if error.code != EXISTS:
                raise
        found = self._made(api, place)
        if found is None:
            return "waiting", ""
        outcome = self._verdict(stack, found, api, place)
        with refusals():
            if outcome[0] == "started":
                api.execute_change_set(**place)
            else:
                # One that stays would be in the list of change sets, ready to be executed.
                api.delete_change_set(**place)
        return outcome

    def _request(self, stack: ClientStack, change: Change) -> dict[str, Any]:
        fleet = self.stacks.fleet
        own = {**stack.own, **change.own}
        given = dict(change.own)
        kept = set(stack.parameters)
        tags = {key: text for key, text in stack.tags.items() if not key.startswith("aws:")}
        if change.upgrade:
            # What only the template's own default sets takes that of the new version; the protection stays as it is.
            kept = set(stack.own) | ({PROTECTION} & set(stack.parameters))
            fresh = self.stacks.defaults(stack.region, stack.client)
            given = {name: text for name, text in fresh.items() if name not in kept} | given
            tags |= fleet.tags
        if change.protected is not None and PROTECTION in stack.parameters:
            given[PROTECTION] = str(change.protected).lower()
        parameters: list[dict[str, Any]] = [
            {"ParameterKey": name, "ParameterValue": text} for name, text in given.items()
        ]
        parameters += [{"ParameterKey": name, "UsePreviousValue": True} for name in sorted(kept - set(given))]
        tags[OWN_PARAMETERS] = " ".join(sorted(own))
        return {
            "TemplateURL": fleet.template_url(tags[VERSION]),
            "Parameters": parameters,
            "Tags": [{"Key": key, "Value": text} for key, text in tags.items() if text],
            "Capabilities": CAPABILITIES,
            "RoleARN": fleet.role,
        }

    def _made(self, api: Any, place: Mapping[str, str]) -> Mapping[str, Any] | None:
        """The change set when it is made or has failed; None when it is still being made after WAIT_SECONDS."""
        for attempt in range(WAIT_SECONDS // POLL_SECONDS + 1):
            if attempt:
                self.sleep(POLL_SECONDS)
            with refusals():
                found: Mapping[str, Any] = api.describe_change_set(**place)
            if found["Status"].endswith(("_COMPLETE", "FAILED")):
                return found
        return None

    def _verdict(self, stack: ClientStack, found: Mapping[str, Any], api: Any, place: Mapping[str, str]) -> Outcome:
        if found["Status"] == "FAILED":
            reason = str(found.get("StatusReason", ""))
            # Both are what AWS says, of a template with and without transforms.
            empty = "didn't contain changes" in reason or "No updates are to be performed" in reason
            return ("nothing", "") if empty else ("refused", reason)
        lost = sorted(row["LogicalResourceId"] for row in _changes(found, api, place) if _loses_data(stack, row))
        return ("data loss", ", ".join(lost)) if lost else ("started", "")


def _changes(found: Mapping[str, Any], api: Any, place: Mapping[str, str]) -> Iterator[Mapping[str, Any]]:
    while True:
        yield from (row["ResourceChange"] for row in found.get("Changes", ()))
        if not found.get("NextToken"):
            return
        with refusals():
            found = api.describe_change_set(**place, NextToken=found["NextToken"])


def _loses_data(stack: ClientStack, change: Mapping[str, Any]) -> bool:
    ends = change["Action"] == "Remove" or change.get("Replacement") in {"True", "Conditional"}
    alone = change["ResourceType"] == INSTANCE and "ClusterArn" not in stack.outputs
    return ends and (change["ResourceType"] in DATA or alone)
