"""`fleet delete`: the stacks of clients, or the whole StackSet, after consent by name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from aurora_cfn.cli.runs.account_fleet import AccountFleet
from aurora_cfn.cli.runs.follow_set_operation import SetOperations
from aurora_cfn.cli.runs.run import Run
from aurora_cfn.cli.terminal.messages import declined, info
from aurora_cfn.cli.terminal.prompt import named
from aurora_cfn.errors import GuardError, InputError, StuckError
from aurora_cfn.fleet.account_review import SetReview, name_of, place_of
from aurora_cfn.model.stack_set import CURRENT, INOPERABLE, InstancesRequest, StackInstance, StackSet, Targets
from aurora_cfn.report.text import amount
from aurora_cfn.review.consent import Consent
from aurora_cfn.review.data_outcome import FAILS_WHILE_PROTECTED


@dataclass(slots=True)
class DeleteAccounts:
    """One deletion: of the clients of these names, accounts without a client included, or of `everything`."""

    fleet: AccountFleet
    names: tuple[str, ...] = ()
    everything: bool = False
    retain: bool = False
    yes: bool = False
    confirmed: tuple[str, ...] = ()

    def delete(self) -> int:
        """Delete after consent; the exit code. Raises StuckError when a stack is not deleted."""
        run = Run(self.fleet.target, yes=self.yes, quiet=True)
        stack_set = self.fleet.current()
        if stack_set is None:
            info(f"nothing to delete: there is no StackSet {self.fleet.fleet.name}")
            return 0
        operations = SetOperations(self.fleet, run, StuckError)
        operations.finish_running()
        chosen = self._chosen(self.fleet.instances())
        if not chosen and not self.everything:
            info(f"nothing to delete: {', '.join(self.names)} has no stacks")
            return 0
        self._look(run, stack_set, chosen)
        if not self._agreed(run, chosen):
            return declined("nothing was deleted")
        operations.units = {row.account: row.unit for row in chosen}
        for targets, regions in self._groups(chosen):
            what = f"deletion in {', '.join(regions)}{', with the stacks retained' * self.retain}"
            operations.through(what, partial(self._start, targets, regions))
        if self.everything:
            self.fleet.port.delete_set(stack_set.name)
            info(f"{stack_set.name}: the StackSet is deleted")
        return 0

    def _chosen(self, instances: Sequence[StackInstance]) -> list[StackInstance]:
        """The instances to delete. Raises InputError for names that nothing has."""
        clients = self.fleet.accounts.clients
        known = {name_of(row, clients) for row in instances}
        wrong = [name for name in self.names if name not in {*known, *(row.name for row in clients)}]
        if wrong:
            has = ", ".join(sorted(known)) or "no stacks"
            raise InputError(f"{', '.join(wrong)}: no client or account of the StackSet, which has {has}")
        return [row for row in instances if self.everything or name_of(row, clients) in self.names]

    def _look(self, run: Run, stack_set: StackSet, chosen: Sequence[StackInstance]) -> None:
        """Show what becomes of the resources. Raises GuardError for a deletion that leaves a stack inoperable."""
        clients = self.fleet.accounts.clients
        if self.retain:
            return
        stuck = [row for row in chosen if row.status == INOPERABLE]
        if stuck:
            places = ", ".join(place_of(row, clients) for row in stuck)
            raise GuardError(
                f"{places}: StackSets cannot delete an inoperable stack: add --retain, and delete it there"
            )
        review = SetReview(self.fleet.template.path, "", Consent((), (), run.clock.now().date()))
        goes: dict[str, list[str]] = {}
        for row in chosen:
            if row.status != CURRENT:
                what = "its last operation failed or was stopped, so what is deployed there is not known"
                goes.setdefault(what, []).append(place_of(row, clients))
                continue
            for change in review.of_deletion(row, stack_set):
                sentence = f"{change.logical_id}: {change.effects[0].sentence}"
                if change.stateful:
                    goes.setdefault(sentence, []).append(place_of(row, clients))
        for sentence, found in goes.items():
            info(f"{', '.join(found)}: {sentence}")
        held = [
            f"{', '.join(found)}: {sentence.partition(':')[0]}: deletion protection is on, so the deletion fails and "
            "leaves the stack inoperable: deploy with DeletionProtection false first, or add --retain"
            for sentence, found in goes.items()
            if FAILS_WHILE_PROTECTED in sentence
        ]
        if held:
            raise GuardError("\n".join(held))

    def _agreed(self, run: Run, chosen: Sequence[StackInstance]) -> bool:
        name, clients = self.fleet.fleet.name, self.fleet.accounts.clients
        if not chosen or self.retain:
            kept = " and keep them" if chosen else ""
            return run.questions.agreed(f"Remove {amount(len(chosen), 'stack')} from the StackSet {name}{kept}?")
        asked = (name,) if self.everything else dict.fromkeys(name_of(row, clients) for row in chosen)
        why = "the stacks are deleted with their databases, for which --yes is not enough: "
        return all(named(row, self.confirmed, why, "delete its stacks") for row in asked)

    def _groups(self, chosen: Sequence[StackInstance]) -> Iterator[tuple[Targets, tuple[str, ...]]]:
        """One operation for all accounts of a unit that have stacks in the same regions."""
        regions: dict[tuple[str, str], list[str]] = {}
        for row in chosen:
            # With service-managed permissions DeleteStackInstances takes accounts only below their unit.
            unit = row.unit if self.fleet.accounts.permissions == "service-managed" else ""
            regions.setdefault((unit, row.account), []).append(row.region)
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for (unit, account), places in regions.items():
            found.setdefault((unit, tuple(sorted(places))), []).append(account)
        for (unit, together), accounts in found.items():
            yield Targets(tuple(accounts), (unit,) if unit else ()), together

    def _start(self, targets: Targets, regions: tuple[str, ...], identifier: str) -> None:
        preferences = replace(self.fleet.accounts.preferences, region_order=regions)
        request = InstancesRequest(self.fleet.fleet.name, identifier, targets, regions, preferences)
        self.fleet.port.delete_instances(request, retain=self.retain)
