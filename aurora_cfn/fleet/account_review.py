"""The review of what a change does to each stack of a StackSet, before it starts.

StackSets have no change sets. What is deployed is what the StackSet says with the instance's overrides, in its account
and region; of an instance that is not current the template is not known, so it needs consent by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from aurora_cfn.errors import GuardError
from aurora_cfn.facts.offered import NOTHING_OFFERED, Offered
from aurora_cfn.fleet.account_plan import client_of
from aurora_cfn.model.change import Change
from aurora_cfn.model.environment import Fleet
from aurora_cfn.model.fleet_accounts import AccountClient
from aurora_cfn.model.review import StackReview
from aurora_cfn.model.stack import Stack
from aurora_cfn.model.stack_set import CURRENT, StackInstance, StackSet
from aurora_cfn.review.changes import changes
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.deployed import Sides, Wanted, sides
from aurora_cfn.review.not_judged import blind_spots

WITHOUT_REVIEW = "--without-review"


@dataclass(frozen=True, slots=True)
class SetReview:
    """What all reviews of one run have in common: the file, the consent, and what RDS offers."""

    path: str
    environment: str
    consent: Consent
    secrets: frozenset[str] = frozenset()
    offered: Offered = NOTHING_OFFERED
    fleet: Fleet | None = None
    """Whose lines of `allow_replace` count."""

    def of(
        self,
        instance: StackInstance,
        client: str,
        before: StackSet,
        after: tuple[str, Mapping[str, str], Mapping[str, str]],
    ) -> StackReview:
        """The review of one stack; `after` is template, parameters (overrides included) and tags.

        Raises InputError when a template cannot be read.
        """
        pair = self._sides(instance, before, after)
        found = changes(pair.before, pair.after)
        scopes = (client, instance.account)
        return StackReview(
            name=" ".join(dict.fromkeys((client, *instance.place))),
            template=self.path,
            changes=found,
            refusals=self.consent.refusals(found, scopes, self.fleet.allowed_in(client) if self.fleet else ()),
            environment=self.environment,
            compared="deployed template",
            notes=(*pair.notes, *blind_spots(pair.before, pair.after)),
            key=client,
        )

    def of_deletion(self, instance: StackInstance, before: StackSet) -> tuple[Change, ...]:
        """What becomes of the resources when the stack is deleted."""
        pair = self._sides(instance, before, (before.template, values_of(before, instance), before.tags))
        return changes(pair.before, replace(pair.after, template={"Resources": {}}))

    def _sides(
        self,
        instance: StackInstance,
        before: StackSet,
        after: tuple[str, Mapping[str, str], Mapping[str, str]],
    ) -> Sides:
        template, parameters, tags = after
        # arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/ID
        name = instance.stack_id.split("/")[1] if "/" in instance.stack_id else before.name
        stack = Stack(
            instance.stack_id, name, instance.status, parameters=values_of(before, instance), tags=before.tags
        )
        wanted = Wanted(
            name=name,
            path=self.path,
            template=template,
            parameters=parameters,
            tags={key: text for key, text in tags.items() if not key.startswith("aurora-cfn:")},
            region=instance.region,
            account=instance.account,
            secrets=self.secrets,
            offered=self.offered,
        )
        return sides(stack, before.template, wanted)


def values_of(stack_set: StackSet, instance: StackInstance) -> dict[str, str]:
    """The parameters of the instance: the StackSet's, and its overrides."""
    return {**stack_set.parameters, **(instance.overrides or {})}


def refuse_unreviewed(
    instances: Sequence[StackInstance],
    clients: Sequence[AccountClient],
    named: Sequence[str],
) -> None:
    """Raise GuardError for stacks whose template is not known, unless the client is named with WITHOUT_REVIEW."""
    lines = [
        f"{place_of(row, clients)}: its last operation failed or was stopped, so what is deployed there is not known "
        f"and cannot be reviewed: {WITHOUT_REVIEW} {name_of(row, clients)} changes it anyway"
        for row in instances
        if row.status != CURRENT and name_of(row, clients) not in named
    ]
    if lines:
        raise GuardError("\n".join(lines))


def name_of(instance: StackInstance, clients: Iterable[AccountClient]) -> str:
    """The client's name; the account where it is no client's."""
    client = client_of(instance, clients)
    return client.name if client else instance.account


def place_of(instance: StackInstance, clients: Iterable[AccountClient]) -> str:
    """`CLIENT ACCOUNT REGION`, without the client where the instance is no client's."""
    return " ".join(dict.fromkeys((name_of(instance, clients), *instance.place)))
