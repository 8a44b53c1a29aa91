"""What `dev` does on AWS: put a stub in place of functions, answer their events here, and put the code back."""

from __future__ import annotations

import getpass
import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from aurora_cfn.aws.function_code import AwsFunctionNetwork, AwsFunctions
from aurora_cfn.aws.live_queues import AwsRelayQueues
from aurora_cfn.aws.s3 import S3Objects
from aurora_cfn.cli.runs.child import SIGNALS, handled
from aurora_cfn.cli.runs.dev_workers import DevOptions, begin, interrupt, started, watch
from aurora_cfn.cli.runs.function_code import end_abandoned
from aurora_cfn.cli.runs.function_source import LiveFunction, functions_with_source
from aurora_cfn.cli.runs.live_sessions import (
    Deployed,
    functions_on_aws,
    refuse_without_consent,
    restore_command,
    restore_of,
    rows_of,
    session_ends,
)
from aurora_cfn.cli.runs.readiness import check_account
from aurora_cfn.cli.runs.target import Target
from aurora_cfn.cli.terminal.messages import info
from aurora_cfn.deploy.desired import selected
from aurora_cfn.errors import AwsError, BusyError, InputError
from aurora_cfn.local.live.invocation_server import Live
from aurora_cfn.model.digest import sha256_base64
from aurora_cfn.model.live_session import LiveSession, unqualified
from aurora_cfn.operate.live.network_access import unreachable
from aurora_cfn.operate.live.relay import Relay
from aurora_cfn.operate.live.session_tags import MOST_FUNCTIONS, prefix, schedule_name, tags
from aurora_cfn.operate.live.stub import stub_zip
from aurora_cfn.project.process import this_process

CHECK_EVERY = 3.0
"""Seconds in which the command notices that another one has ended its session."""
RENEW_SECONDS = 3600.0
"""A session ends by itself hours after the last renewal: each renewal changes a schedule for every function."""
CREDENTIALS_SECONDS = 900.0
"""How long credentials that a function handed over are used: Lambda renews them hours before they end."""


def run_on_aws(target: Target, options: DevOptions) -> None:
    """Answer for the functions until Ctrl-C or SIGTERM, which leave it as KeyboardInterrupt.

    Raises InputError, AwsError, and BusyError when another command ends the session.
    """
    found, rows = aws_functions(target, options)
    workers, live = started(rows, options)
    relay = AwsRelay(target, [found[row.arn] for row in rows], hours=options.hours, as_function=options.as_function)
    with handled(SIGNALS, interrupt):
        try:
            relay.start(live, {row.arn: row.environment for row in rows})
            for row in rows:
                begin(row, workers[row.arn])
            until = f"{relay.session.until:%H:%M} UTC"
            info(f"save a file, then call the API; Ctrl-C puts the deployed code back, and AWS itself at {until}")
            threading.Thread(target=watch, args=(live,), daemon=True).start()
            while not relay.ended.wait(CHECK_EVERY):
                relay.renew()
            raise BusyError("the session was ended by another command")
        finally:
            relay.end()
            live.close()


def aws_functions(target: Target, options: DevOptions) -> tuple[dict[str, Deployed], list[LiveFunction]]:
    """The functions of the environment by ARN, and those that are run from a folder. Raises InputError, BusyError."""
    chosen = selected(target.environment, options.stacks)
    refuse_without_consent(target, chosen)
    check_account(target)
    end_abandoned(target, take_over=options.take_over)
    found = functions_on_aws(target, chosen)
    rows = rows_of(found, chosen, target.options.endpoint_url or "")
    return found, functions_with_source(target, chosen, rows, options.functions, options.sources, options.copy_to)


class AwsRelay:
    """The session of these functions from the swap to the end; `end` puts the code back."""

    def __init__(self, target: Target, functions: Sequence[Deployed], *, hours: float, as_function: bool) -> None:
        """Nothing is called yet. Raises InputError for too many functions."""
        if len(functions) > MOST_FUNCTIONS:
            raise InputError(f"{len(functions)} functions: a session takes {MOST_FUNCTIONS}; choose with --function")
        self._target, self._functions, self._hours, self._as_function = target, functions, hours, as_function
        place = target.project, target.environment.name
        self._queues, self._code = AwsRelayQueues(target.session), AwsFunctions(target.session)
        self._ends = session_ends(target)
        self._states = {row.state.name: row.state for row in functions}
        owner = this_process()
        self.session = LiveSession(
            f"{prefix(*place)}{secrets.token_hex(4)}", getpass.getuser(), self._until(), {},
            f"{owner.machine}-{owner.process}-{owner.began}",
        )  # fmt: skip
        self._relay: Relay | None = None
        self._renewed = time.monotonic()

    def start(self, live: Live, environments: Mapping[str, Mapping[str, str]]) -> None:
        """Make the queues and the schedules, swap the code, and answer. Raises InputError, BusyError, AwsError."""
        self._check()
        remedy = f"Put the code back with: {restore_command(self._target)}"
        roles = {row.state.role for row in self._functions}
        # First, so that nothing is left to end where the caller may not make the role.
        self._ends.allow_put_back(
            [row.state.arn for row in self._functions], list({row.place.bucket for row in self._functions})
        )
        # The tags name the digests of the stubs, and the stubs the addresses of the queues: so these are made first.
        place = self._queues.open_queues(self.session.name, roles, tags(self.session))
        stubs = {
            row.state.name: stub_zip(row.state.handler, place, self.session.who, remedy, as_function=self._as_function)
            for row in self._functions
        }
        digests = {name: sha256_base64(data) for name, data in stubs.items()}
        self.session = replace(self.session, functions=digests)
        self._queues.tag_queue(place.requests, tags(self.session))
        # Before the swap: should this process be killed after it, AWS itself puts the code back.
        self._set_ends(guarded=False)
        handlers = {row.state.arn: row.state.handler for row in self._functions}
        answer = answering(live, handlers, environments, as_function=self._as_function)
        warn = partial(info, kind="warning")
        self._relay = Relay(self._queues, place.requests, answer, time.time, warn)
        self._relay.start()
        for row in self._functions:
            name = row.state.name
            self._states[name] = self._code.replace_code(name, stubs[name], row.state.revision)
        self._set_ends(guarded=True)

    @property
    def ended(self) -> threading.Event:
        """Set when the queues are gone: another command has put the code back."""
        assert self._relay is not None
        return self._relay.ended

    def renew(self) -> None:
        """Move the end of the session, once an hour."""
        if time.monotonic() - self._renewed < RENEW_SECONDS:
            return
        self._renewed = time.monotonic()
        self.session = replace(self.session, until=self._until())
        try:
            for name, state in self._states.items():
                self._states[name] = self._code.function_state(name) or state
            self._set_ends(guarded=True)
        except AwsError as error:
            info(f"the end of the session could not be moved: {error}", "warning")

    def end(self) -> None:
        """Put the code back, and delete the queues and schedules."""
        if self._relay:
            self._relay.close()
        places = {row.state.name: row.place for row in self._functions}
        if not restore_of(self._target, places).session(self.session):
            info(f"a function still runs the stub: {restore_command(self._target)}", "warning")

    def _until(self) -> datetime:
        return datetime.now(UTC) + timedelta(hours=self._hours)

    def _set_ends(self, *, guarded: bool) -> None:
        for row in self._functions:
            name = schedule_name(self.session.name, row.state.name)
            state = self._states[row.state.name]
            self._ends.set_session_end(name, self.session.until, state, row.place, guarded=guarded)

    def _check(self) -> None:
        """Raise InputError where the session could not be undone, or the functions cannot reach its queues."""
        objects, network = S3Objects(self._target.session), AwsFunctionNetwork(self._target.session)
        for row in self._functions:
            state, place = row.state, row.place
            digest = objects.object_sha256(place.bucket, place.key)
            if digest != state.sha256:
                what = "is gone" if digest is None else f"has another digest ({digest}) than its code ({state.sha256})"
                raise InputError(
                    f"{state.name}: s3://{place.bucket}/{place.key} {what}, so its code could not be put back: "
                    f"aurora-cfn status --env {self._target.environment.name} says more; deploy it first"
                )
            if state.subnets:
                why = unreachable(
                    state.name, network.subnet_routes(state), network.sqs_endpoints(state),
                    network.function_groups(state),
                )  # fmt: skip
                if why:
                    raise InputError(why)


def answering(
    live: Live, handlers: Mapping[str, str], environments: Mapping[str, Mapping[str, str]], *, as_function: bool
) -> Callable[[Mapping[str, Any]], Mapping[str, Any]]:
    """The answers of the workers; with `as_function` they have the credentials that the functions hand over.

    `handlers` and `environments` are by the function's ARN.
    """
    kept: dict[str, tuple[float, Mapping[str, str]]] = {}

    def answer(message: Mapping[str, Any]) -> Mapping[str, Any]:
        arn = unqualified(str(message["arn"]))
        environment = dict(environments[arn])
        if as_function and message.get("credentials"):
            now = time.monotonic()
            # The same ones for a while: a worker with other variables is another worker.
            if arn not in kept or now - kept[arn][0] > CREDENTIALS_SECONDS:
                kept[arn] = now, message["credentials"]
            environment = {key: value for key, value in environment.items() if key != "AWS_PROFILE"} | dict(
                kept[arn][1]
            )
        outcome = live.answer(
            {
                "arn": arn,
                "handler": handlers[arn],
                "event": message["event"],
                "request_id": message["request_id"],
                "timeout": max(0.1, float(message["deadline"]) - time.time()),
                "environment": environment,
                "trace_id": message.get("trace_id"),
            }
        )
        return {"body": outcome.body, "error": outcome.error, "log": outcome.log}

    return answer
