"""The ports: Protocols of what deployments need from AWS and the clock. `aws/` implements them, tests use fakes.

Every method raises AwsError, with the operation and AWS's code, if AWS refuses, throttles or cannot be reached.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from threading import Event
from typing import TYPE_CHECKING, Protocol

from aurora_cfn.ports.surroundings import Account as Account
from aurora_cfn.ports.surroundings import Actuals as Actuals
from aurora_cfn.ports.surroundings import Databases as Databases
from aurora_cfn.ports.surroundings import DatabaseSizes as DatabaseSizes
from aurora_cfn.ports.surroundings import Drifts as Drifts
from aurora_cfn.ports.surroundings import DsqlClusters as DsqlClusters
from aurora_cfn.ports.surroundings import Functions as Functions
from aurora_cfn.ports.surroundings import Names as Names
from aurora_cfn.ports.surroundings import SecretKeys as SecretKeys
from aurora_cfn.ports.surroundings import Snapshots as Snapshots

if TYPE_CHECKING:
    from aurora_cfn.facts.offered import EngineOffer
    from aurora_cfn.model.change_set import ChangeSet, ChangeSetRequest, CreatedChangeSet, ValidationFailure
    from aurora_cfn.model.event import StackEvent
    from aurora_cfn.model.rows import Database, Rows, SqlParameter
    from aurora_cfn.model.stack import Stack, StackResource


class Clock(Protocol):
    """Time, so that tests do not wait."""

    def now(self) -> datetime:
        """The time of day in UTC."""

    def monotonic(self) -> float:
        """Seconds from some start, never going back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class Alarm(Clock, Protocol):
    """A clock with waits that another thread can end."""

    def wait_for(self, seconds: float, event: Event) -> None:
        """Wait until the event is set or the time is over."""


class Parameters(Protocol):
    """The values behind `{ssm: /path}`."""

    def values(self, names: Sequence[str]) -> Mapping[str, str]:
        """Values of the parameters that exist, decrypted; missing names are absent (GetParameters, ten a call)."""


class ChangeSets(Protocol):
    """Change sets: create, read, execute, delete."""

    def create_change_set(self, request: ChangeSetRequest) -> CreatedChangeSet:
        """Start the creation of a change set; CloudFormation completes it afterwards."""

    def change_set(self, arn: str) -> ChangeSet:
        """The change set with the changes of all pages, with property values where AWS returns them."""

    def change_sets(self, stack: str) -> Sequence[ChangeSet]:
        """Change sets of the stack that were not executed, without their changes."""

    def execute_change_set(self, arn: str, *, token: str, disable_rollback: bool | None = False) -> None:
        """Start the execution; `disable_rollback` is None where the change set has `on_failure`, which excludes it."""

    def delete_change_set(self, arn: str) -> None:
        """Delete a change set; no error if it does not exist."""

    def validation_failures(self, change_set_arn: str) -> Sequence[ValidationFailure]:
        """Failures of early validation (DescribeEvents); empty if the endpoint does not have the call."""


class CloudFormation(ChangeSets, Protocol):
    """Stacks. A stack is read by its name once, and from then on by its ARN: names can be used again."""

    def stack(self, name: str) -> Stack | None:
        """The stack of that name or ARN; None when there is none."""

    def events(self, stack: str, *, since: str | None = None) -> Sequence[StackEvent]:
        """Events after the one with the id `since` (None: all), oldest first; older pages are not read."""

    def operation_failures(self, operation: str) -> Sequence[StackEvent]:
        """What failed in the operation of that id, oldest first: resources, hooks and validations (DescribeEvents)."""

    def newest_event(self, stack: str) -> str | None:
        """Id of the newest event, as `since` for a later call of `events`."""

    def delete_stack(self, stack: str, *, token: str, retain: Sequence[str] = (), role_arn: str | None = None) -> None:
        """Start the deletion; `retain` names resources of a DELETE_FAILED stack to keep."""

    def resources(self, stack: str) -> Sequence[StackResource]:
        """All resources of the stack."""

    def template(self, stack: str) -> str:
        """The template as it was submitted."""

    def set_protection(self, stack: str, *, on: bool) -> None:
        """Switch termination protection on or off."""

    def cancel_update(self, stack: str, *, token: str) -> None:
        """Cancel a running update and roll it back (UPDATE_IN_PROGRESS only)."""

    def continue_rollback(
        self, stack: str, *, token: str, skip: Sequence[str] = (), role_arn: str | None = None
    ) -> None:
        """Continue a failed rollback; `skip` names resources that are left as they are."""

    def roll_back(self, stack: str, *, token: str, role_arn: str | None = None) -> None:
        """Roll back an update that failed with rollback switched off, to the last stable state."""

    def stack_policy(self, stack: str) -> str:
        """The stack policy as JSON text, empty when the stack has none."""

    def set_stack_policy(self, stack: str, body: str) -> None:
        """Replace the stack policy."""


class DataApi(Protocol):
    """SQL over HTTPS: one statement a call (Amazon RDS Data API)."""

    def execute(
        self,
        database: Database,
        sql: str,
        parameters: Sequence[SqlParameter] = (),
        *,
        transaction: str | None = None,
        past_timeout: bool = False,
    ) -> Rows:
        """The rows of one statement; with `past_timeout` it continues when the call times out after 45 s."""

    def begin(self, database: Database) -> str:
        """The id of a new transaction."""

    def commit(self, database: Database, transaction: str) -> None:
        """Commit the transaction."""

    def rollback(self, database: Database, transaction: str) -> None:
        """Roll back the transaction."""


class EngineVersions(Protocol):
    """What RDS offers, read only."""

    def offer(self, engine: str) -> EngineOffer:
        """All versions that can be created in the region, the ends of standard support, the families' parameters."""


class Objects(Protocol):
    """Objects in buckets; `owner` is the account that the bucket must belong to, None for any."""

    def holds_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Whether the bucket has the object with exactly these bytes."""

    def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
        """Whether the object was written: False if the key exists, whose object is left unchanged."""


class Buckets(Protocol):
    """Buckets themselves; `owner` as for Objects."""

    def bucket_region(self, bucket: str, *, owner: str | None = None) -> str | None:
        """The region that the bucket is in, None when there is no such bucket."""

    def bucket_tags(self, bucket: str, *, owner: str | None = None) -> Mapping[str, str]:
        """The tags of the bucket."""

    def make_bucket(self, bucket: str) -> str:
        """Create the bucket, unless the caller owns it already; its region."""

    def protect_bucket(self, bucket: str, *, tags: Mapping[str, str], owner: str | None = None) -> None:
        """Set no public access, no ACLs, encryption, versioning, TLS only; the tags last, which show that all is done.

        May be repeated. `tags` replace those of the bucket; other statements of its policy stay.
        """

    def object_url(self, bucket: str, key: str, region: str) -> str:
        """The TemplateURL of the object; nothing is called."""
