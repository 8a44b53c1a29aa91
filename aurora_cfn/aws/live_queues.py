"""The port RelayQueues on SQS: a queue for requests and eight for replies, which the functions' roles may use."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.pages import every_row
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import NO_QUEUE, suppress_codes
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.live_session import QUEUE_ACTIONS, RelayPlace

REQUESTS, REPLIES = "-requests", 8
_KEPT_SECONDS = "60"
"""The minimum of SQS: after a minute the caller of an event has an error already."""
WAIT_SECONDS = 5
"""Seconds of a receiving call: the end of a session is noticed after it."""


@dataclass(frozen=True, slots=True)
class AwsRelayQueues:
    """The port RelayQueues."""

    session: Session

    def open_queues(self, name: str, roles: Collection[str], tags: Mapping[str, str]) -> RelayPlace:
        names = [f"{name}{REQUESTS}", *(f"{name}-reply{number}" for number in range(REPLIES))]
        # Nine queues in three rounds.
        with ThreadPoolExecutor(3) as pool:
            first, *others = pool.map(lambda one: self._create(one, roles, tags), names)
        return RelayPlace(first, tuple(others))

    def tag_queue(self, queue: str, tags: Mapping[str, str]) -> None:
        with translated("TagQueue"):
            self._sqs.tag_queue(QueueUrl=queue, Tags=dict(tags))

    def receive_bodies(self, queue: str) -> Sequence[str] | None:
        # Ten messages are the most of a call (ReceiveMessage, API reference).
        with suppress_codes(NO_QUEUE):
            with translated("ReceiveMessage"):
                found = self._sqs.receive_message(
                    QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=WAIT_SECONDS
                ).get("Messages", ())
            # Deleted at once: after 30 seconds SQS would hand out the message again (its default VisibilityTimeout).
            if found:
                rows = [{"Id": str(number), "ReceiptHandle": row["ReceiptHandle"]} for number, row in enumerate(found)]
                with translated("DeleteMessage"):
                    self._sqs.delete_message_batch(QueueUrl=queue, Entries=rows)
            return [str(row["Body"]) for row in found]
        return None

    def send_body(self, queue: str, body: str) -> None:
        with translated("SendMessage"):
            self._sqs.send_message(QueueUrl=queue, MessageBody=body)

    def session_tags(self, prefix: str) -> Mapping[str, Mapping[str, str]]:
        found = {}
        for url in self._urls(prefix):
            name = url.rpartition("/")[2]
            if name.endswith(REQUESTS):
                with translated("ListQueueTags", absent=NO_QUEUE):  # it is listed for a minute after its deletion
                    found[name.removesuffix(REQUESTS)] = self._sqs.list_queue_tags(QueueUrl=url).get("Tags") or {}
        return found

    def close_queues(self, name: str) -> None:
        """Delete the queues of a session; the one for requests last, whose tags name the session."""
        for url in sorted(self._urls(f"{name}-"), key=lambda url: url.endswith(REQUESTS)):
            with translated("DeleteQueue", absent=NO_QUEUE):
                self._sqs.delete_queue(QueueUrl=url)

    def _create(self, name: str, roles: Collection[str], tags: Mapping[str, str]) -> str:
        region, account = str(self._sqs.meta.region_name), min(roles).split(":")[4]
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": sorted(roles)},
                    "Action": list(QUEUE_ACTIONS),
                    "Resource": f"arn:{partition(region)}:sqs:{region}:{account}:{name}",
                }
            ],
        }
        settings = {
            "MessageRetentionPeriod": _KEPT_SECONDS,
            # The longest that SQS waits; the functions ask without a time of their own.
            "ReceiveMessageWaitTimeSeconds": "20",
            "SqsManagedSseEnabled": "true",
            "Policy": json.dumps(policy),
        }
        with translated("CreateQueue"):
            return str(self._sqs.create_queue(QueueName=name, Attributes=settings, tags=dict(tags))["QueueUrl"])

    def _urls(self, prefix: str) -> list[str]:
        return every_row(self._sqs, "list_queues", "QueueUrls", str, QueueNamePrefix=prefix)

    @property
    def _sqs(self) -> Any:
        return self.session.client("sqs")
