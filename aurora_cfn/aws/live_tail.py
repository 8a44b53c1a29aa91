"""The port LiveTail on botocore."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.eventstream import ParserError
from urllib3.exceptions import HTTPError

from aurora_cfn.aws.cloudwatch import log_event
from aurora_cfn.aws.errors import translated
from aurora_cfn.aws.session import Session
from aurora_cfn.errors import LIVE_TAIL_ENDED, UNREACHABLE, AwsError
from aurora_cfn.facts.regions import partition
from aurora_cfn.model.log_event import LiveUpdate

OPERATION = "StartLiveTail"


@dataclass(frozen=True, slots=True)
class AwsLiveTail:
    """The port LiveTail; `account` is that of the log groups."""

    session: Session
    account: str

    def live_updates(self, group: str) -> Generator[LiveUpdate]:
        """What a session of the group sends, until AWS ends it after 3 hours; closing the generator ends it before."""
        region = str(self.session.client("logs").meta.region_name)
        # Unlike other calls it takes no names (API reference).
        arn = f"arn:{partition(region)}:logs:{region}:{self.account}:log-group:{group}"
        with translated(OPERATION):
            stream = self.session.client("logs").start_live_tail(logGroupIdentifiers=[arn])["responseStream"]
        try:
            with translated(OPERATION):
                for event in stream:
                    if "sessionUpdate" in event:
                        yield _update(event["sessionUpdate"])
        except AwsError as error:
            if error.code == LIVE_TAIL_ENDED:
                return
            raise
        # botocore translates these around calls, but not while a stream is read.
        except (HTTPError, ParserError) as error:
            raise _broken(str(error)) from error
        finally:
            stream.close()
        # AWS ends a session with an error of its own; an end without one is a lost connection.
        raise _broken("the stream ended")


def _broken(why: str) -> AwsError:
    return AwsError(f"the Live Tail session broke: {why}", operation=OPERATION, code=UNREACHABLE)


def _update(row: Mapping[str, Any]) -> LiveUpdate:
    events = tuple(map(log_event, row.get("sessionResults", ())))
    return LiveUpdate(events, bool(row.get("sessionMetadata", {}).get("sampled")))
