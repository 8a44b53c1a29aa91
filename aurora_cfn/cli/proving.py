"""The end of a deployment: each database that was touched answers a question, or it is said that it does not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from aurora_cfn.cli.database import WakingLine, waking_data_api
from aurora_cfn.cli.voice import utter
from aurora_cfn.errors import AwsError
from aurora_cfn.report.events import log_json

if TYPE_CHECKING:
    from aurora_cfn.aws.session import Session
    from aurora_cfn.model.stack import Stack

NO_DATA_API = "HttpEndpointNotEnabledException"


def prove_databases(session: Session, stacks: Mapping[str, Stack], *, as_json: bool = False) -> None:
    """`select 1` through the Data API on every one of these stacks that has it, told on stderr; stacks by their keys.

    A stack whose Data API is off has no proof and needs none. Raises AwsError where one refuses or stays silent.
    """
    from aurora_cfn.aws.clock import SystemClock
    from aurora_cfn.sql import data_api_database, prove

    line = WakingLine()
    for key, stack in stacks.items():
        database = data_api_database(stack)
        if database is None:
            continue
        try:
            api = waking_data_api(session, (lambda _: None) if as_json else line)
            proof = prove(api, database, SystemClock())
        except AwsError as error:
            line.close()
            if error.code != NO_DATA_API:
                what = f"{database.stack} is deployed, but its database did not prove itself: {error}"
                raise AwsError(f"{what}\n  --no-proof leaves this out", code=error.code) from error
            continue
        line.close()
        told = log_json("proof", key, {"seconds": round(proof.seconds, 3)}) if as_json else str(proof)
        utter(told)
