"""`logs --live`: the events of a Live Tail session, with what it costs on stderr."""

from __future__ import annotations

from collections.abc import Generator, Sequence

from aurora_cfn.aws.account import StsCaller
from aurora_cfn.aws.live_tail import AwsLiveTail
from aurora_cfn.cli.runs.prices import prices_of
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.model.log_event import LogEvent
from aurora_cfn.operate.log_groups import HOURS, MOST, charge, cost, live_updates
from aurora_cfn.ports import Clock


def live_events(target: Target, clock: Clock, group: str) -> Generator[Sequence[LogEvent]]:
    """The events of each second, until AWS ends the session; closing the generator ends it before."""
    prices = None if target.local else prices_of(target.environment.region)
    price = "the emulator charges nothing" if prices is None else charge(prices)
    info(f"Live Tail of {group}, until Ctrl-C or for {HOURS} h; {price}")
    account, _ = StsCaller(target.session).identity()
    began, sampled = clock.monotonic(), False
    updates = live_updates(AwsLiveTail(target.session, account), group)
    try:
        for update in updates:
            if update.sampled and not sampled:
                info(f"more than {MOST} events a second: CloudWatch Logs sends a sample; --follow has all of them")
                sampled = True
            yield update.events
        info(f"AWS ended the session after {HOURS} h: run the command again for another one")
    finally:
        updates.close()
        if prices is not None:
            info(cost(prices, clock.monotonic() - began))
