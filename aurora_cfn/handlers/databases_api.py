"""The databases API: a database for each client of a fleet, created, listed, changed and deleted over HTTP.

It keeps nothing itself: names are claimed in SSM, and the stacks of CloudFormation say the rest. What takes minutes is
begun and answered 202; GET says how it continues. ARNs are given out, never a password.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .answers import Answer, RefusalError, Request, Route, answered
from .aws_calls import Clients, RefusedError, client, refusals
from .client_changes import ClientChanges
from .client_claims import ClientClaims
from .client_list import ClientList, row_of
from .client_requests import Creation, change, client_name, creation
from .client_stacks import OUTPUTS, REQUEST, ClientStack, ClientStacks
from .fleet_names import claim_of, claimed_region, leaving_stack, stack_name
from .fleet_settings import Fleet, fleet_from_environment

EXISTS = "AlreadyExistsException"
INVALID = frozenset({"ValidationError", "NoOutput", "InsufficientCapabilitiesException", "LimitExceededException"})
"""Codes of refusals whose message is for the caller."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Entry point for the HTTP API."""
    return answered(event, context, _routes())


@lru_cache(maxsize=1)
def _routes() -> Mapping[str, Route]:
    return databases_of(fleet_from_environment(client), client).routes()


def databases_of(fleet: Fleet, clients: Clients, sleep: Callable[[float], None] = time.sleep) -> Databases:
    """The API of the fleet over these clients of AWS."""
    stacks = ClientStacks(fleet, clients)
    claims = ClientClaims(fleet, clients)
    return Databases(fleet, clients, stacks, claims, ClientChanges(stacks, sleep), ClientList(fleet, stacks, claims))


@dataclass(frozen=True, slots=True)
class Databases:
    """What each route does."""

    fleet: Fleet
    clients: Clients
    stacks: ClientStacks
    claims: ClientClaims
    changes: ClientChanges
    listing: ClientList

    def routes(self) -> dict[str, Route]:
        """The routes of the API."""
        found: dict[str, Route] = {
            "POST /databases": self.create,
            "GET /databases": self.listing.answer,
            "GET /databases/{client}": self.show,
            "PATCH /databases/{client}": self.change,
            "DELETE /databases/{client}": self.delete,
        }
        return {key: _in_words(route) for key, route in found.items()}

    def create(self, request: Request) -> Answer:
        """202 for a database that is begun, 200 for one that is there."""
        wanted = creation(request, self.fleet)
        claim = self.claims.get(wanted.client)
        if claim and claimed_region(claim) != wanted.region:
            raise _elsewhere(wanted.client, claim)
        stack = self._stack(wanted.region, wanted.client)
        if stack is not None and stack.state != "claimed":
            return self._there(wanted, stack)
        self._refuse_full(wanted.region)
        # Of two requests for two regions one gets the name. Of two for one region CloudFormation takes one.
        claimed = self.claims.put(wanted.client, claim_of(wanted.region))
        if not claimed and claimed_region(there := self.claims.get(wanted.client)) not in {wanted.region, ""}:
            raise _elsewhere(wanted.client, there)
        if leaving_stack(claim):
            # The name of a client that was deleted: a DELETE that is about to free it sees another claim.
            self.claims.put(wanted.client, claim_of(wanted.region), over=True)
        try:
            self.stacks.create(wanted.region, wanted.client, wanted.own, wanted.token, wanted.tag)
        except RefusedError as error:
            stack = self._stack(wanted.region, wanted.client)
            if error.code != EXISTS or stack is None:
                if claimed and stack is None:
                    self.claims.free(wanted.client)
                raise
            # Its own stack where the call was repeated because its first answer did not arrive.
            if wanted.key or stack.tags.get(REQUEST) != wanted.tag:
                return self._there(wanted, stack)
        # Again: a DELETE of the same name may have freed it in between.
        self.claims.put(wanted.client, claim_of(wanted.region))
        stack = self._stack(wanted.region, wanted.client)
        body = self._body(stack) if stack else {"client": wanted.client, "region": wanted.region, "state": "pending"}
        return Answer(body, 202, {"location": f"/databases/{wanted.client}"})

    def _there(self, wanted: Creation, stack: ClientStack) -> Answer:
        """The answer for a client that has a stack."""
        request = stack.tags.get(REQUEST, "")
        if wanted.is_another(request):
            raise RefusalError(422, "Idempotency-Key: it came with another body before")
        if stack.state == "failed":
            # It holds nothing, but it is protected as any other.
            self.stacks.protect(stack, on=False)
            self.stacks.delete(stack)
        if stack.state in {"failed", "deleting"}:
            what = "what is left of its failed creation" if stack.state == "failed" else "its database"
            return _again(f"{what} is being deleted: ask again when it is gone", 10)
        repeated = wanted.tag == request
        different = (
            () if repeated else sorted(key for key, text in wanted.own.items() if stack.parameters.get(key) != text)
        )
        if different:
            raise RefusalError(409, f"{wanted.client} is there with other {', '.join(different)}: PATCH changes them")
        self.claims.put(wanted.client, claim_of(wanted.region))
        return Answer(self._body(stack), 200, {"location": f"/databases/{wanted.client}"})

    def show(self, request: Request) -> Answer:
        """The client, with ARNs and address when it is ready, and with the first cause when it failed."""
        name, claim, stack = self._found(request)
        if stack is None:
            region = claimed_region(claim)
            return self._gone(name, region) if leaving_stack(claim) else Answer(row_of(name, region, "claimed"))
        return Answer(self._body(stack, with_cause=True))

    def change(self, request: Request) -> Answer:
        """202 for a change that is begun, 200 where nothing changes."""
        wanted = change(request, self.fleet)
        name, _, stack = self._found(request)
        if stack is None or stack.state not in {"ready", "rolled back"}:
            raise RefusalError(409, f"{name} is {stack.state if stack else 'claimed'}: only a ready one is changed")
        if wanted.protected is not None and wanted.protected != stack.protected:
            self.stacks.protect(stack, on=wanted.protected)
        outcome, detail = self.changes.apply(stack, wanted)
        if outcome == "waiting":
            return _again("the change set is still being made: send the same request again", 5)
        if outcome == "data loss":
            raise RefusalError(409, f"nothing was changed: it would replace or delete {detail}, and the data with it")
        if outcome == "refused":
            raise RefusalError(400, f"CloudFormation refuses the change: {detail}")
        after = self._stack(stack.region, name) or stack
        return Answer(self._body(after), 202 if outcome == "started" else 200)

    def delete(self, request: Request) -> Answer:
        """202 for a deletion that is begun or continues, 410 when the stack is gone and the name is free again."""
        name, claim, stack = self._found(request)
        if stack is None:
            if self.claims.get(name) == claim:
                self.claims.free(name)
            return self._gone(name, claimed_region(claim))
        if stack.state == "pending":
            raise RefusalError(409, f"{name} is pending: delete it when CloudFormation has ended")
        if stack.state == "failed":
            self.stacks.protect(stack, on=False)
        elif stack.is_protected and stack.state != "deleting":
            raise RefusalError(409, f'{name} is protected: PATCH it with {{"protected": false}} first')
        if stack.state != "deleting":
            # First: when the stack is gone, only its ARN in the claim says that it was deleted.
            self.claims.put(name, claim_of(stack.region, stack.arn), over=True)
            self.stacks.delete(stack)
        return Answer(self._body(self._stack(stack.region, stack.arn) or stack), 202)

    def _found(self, request: Request) -> tuple[str, str, ClientStack | None]:
        """Name, claim and stack of the client in the path. Raises RefusalError without a claim."""
        name = client_name(request.path.get("client"))
        claim = self.claims.get(name)
        if not claim:
            raise RefusalError(404, f"there is no client {name}")
        return name, claim, self._stack(claimed_region(claim), name)

    def _stack(self, region: str, name: str) -> ClientStack | None:
        """The client's stack by name or ARN, None when it is gone. Raises RefusalError for a stack of others."""
        stack = self.stacks.stack(region, name) if name.startswith("arn:") else self.stacks.of(region, name)
        if stack is None or stack.state == "deleted":
            return None
        if not self.stacks.is_mine(stack) and stack.state != "claimed":
            raise RefusalError(409, f"{stack_name(self.fleet.name, name)} in {region} is a stack of others")
        return stack

    def _refuse_full(self, region: str) -> None:
        """Raise RefusalError with used and maximum where the region has no room for one more client."""
        there = len(self.stacks.all_in(region))
        if there >= self.fleet.most:
            raise RefusalError(409, f"{region} is full: {there} clients of {self.fleet.most} are there")
        with refusals():
            rows = self.clients("rds", region).describe_account_attributes()["AccountQuotas"]
        for row in rows:
            name, used, most = row["AccountQuotaName"], row["Used"], row["Max"]
            if most - used < self.fleet.document.needs.get(name, 0):
                raise RefusalError(409, f"{region} is full: {used} of {most} {name} of RDS are used")

    def _body(self, stack: ClientStack, *, with_cause: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {
            **self.listing.row(stack),
            "protected": stack.is_protected,
            "parameters": stack.own,
            "stack_arn": stack.arn,
        }
        if stack.state in {"ready", "rolled back"}:
            rows = {key: stack.outputs[name] for key, name in OUTPUTS.items() if name in stack.outputs}
            found |= {key: int(text) if text.isdecimal() else text for key, text in rows.items()}
        if with_cause and stack.state in {"failed", "stuck", "rolled back"}:
            found["cause"] = self.stacks.cause(stack)
        return found

    def _gone(self, name: str, region: str) -> Answer:
        """410, with the manual snapshots of the client's cluster."""
        cluster = stack_name(self.fleet.name, name)
        with refusals():
            pages = self.clients("rds", region).get_paginator("describe_db_cluster_snapshots")
            rows = [
                row["DBClusterSnapshotIdentifier"]
                for page in pages.paginate(DBClusterIdentifier=cluster, SnapshotType="manual")
                for row in page["DBClusterSnapshots"]
            ]
        return Answer({"error": f"the database of {name} is deleted", "snapshots": sorted(rows)}, 410)


def _elsewhere(name: str, claim: str) -> RefusalError:
    return RefusalError(409, f"{name} has its database in {claimed_region(claim)}")


def _again(what: str, seconds: int) -> Answer:
    return Answer({"error": what}, 503, {"retry-after": str(seconds)})


def _in_words(route: Callable[[Request], Answer]) -> Route:
    """The route, with refusals of AWS as answers: 503 to try again, 400 where the message is for the caller."""

    def answer(request: Request) -> Answer:
        try:
            return route(request)
        except RefusedError as error:
            if error.throttled:
                return _again("AWS throttles the calls of this API: try again", 5)
            if error.code in INVALID:
                raise RefusalError(400, f"CloudFormation refuses it: {error}") from error
            raise

    return answer
