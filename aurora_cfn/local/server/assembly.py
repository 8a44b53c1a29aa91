"""Put the server together: ministack, what this program adds to it, and the guard in front."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from ministack.core import persistence
from ministack.services import cloudformation as stacks_api
from ministack.services import ssm
from ministack.services.cloudformation import stacks

from aurora_cfn.local import cloudformation, rest_apis, schedules, types, urls
from aurora_cfn.local.dataapi import endpoint as data_api
from aurora_cfn.local.distributed import Distributed
from aurora_cfn.local.front.listener import Front
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import keys_of
from aurora_cfn.local.mysql.family import MysqlEngine
from aurora_cfn.local.neighbours import KeptPlaces
from aurora_cfn.local.postgres.family import PostgresEngine
from aurora_cfn.local.rds import actions, pauses, published_metrics, resources, restores, snapshot_copies
from aurora_cfn.local.rds.backing import Backing
from aurora_cfn.local.rds.logs import DatabaseLogs
from aurora_cfn.local.rds.moved_endpoints import renew_outputs
from aurora_cfn.local.rds.proxies import Proxies
from aurora_cfn.local.record import ServerRecord
from aurora_cfn.local.replacing import Inner, replace
from aurora_cfn.local.rotation import Rotations
from aurora_cfn.local.server import api_protocols, authorization, functions, unknown_requests
from aurora_cfn.local.server.autosave import Autosave, ChangedOnly
from aurora_cfn.local.server.function_settings import functions_of
from aurora_cfn.local.server.guard import App, Message, Receive, Scope, Send, guarded, with_pages
from aurora_cfn.local.server.live_functions import LiveFunctions
from aurora_cfn.local.server.memory import release
from aurora_cfn.local.server.signatures import signed_only, tokens_signed_with
from aurora_cfn.local.server.summary import pause, summary
from aurora_cfn.local.server.unfinished import Unfinished, any_in_progress, delete_unfinished, end_interrupted
from aurora_cfn.local.servers.certificate import tls_context
from aurora_cfn.local.servers.databases import Databases, register_files
from aurora_cfn.local.simulation import Simulation
from aurora_cfn.local.stack_sets import actions as stack_sets
from aurora_cfn.local.stack_sets.records import any_running

logger = logging.getLogger("aurora_cfn.start")

MOVED = "its outputs have another port, since another program has the old one; deploy again what was made of that"
TRIES = 3
"""A request may make or delete a database while the states are read: they are read again to fit the register."""
ARM_IMAGES = {
    f"/aws/service/ami-amazon-linux-latest/al2023-ami-{kind}-arm64": "ami-0c2023a1b2c3d4e60"
    for kind in ("kernel-default", "minimal-kernel-default")
}
"""Public parameters that ministack has for x86_64 alone."""


@dataclass(frozen=True, slots=True)
class Server:
    """What the process runs."""

    app: App
    autosave: Autosave
    close: Callable[[], None]


def assemble(home: Home, record: ServerRecord) -> Server:
    """Replace parts of ministack, and put the guard in front; call it after the environment is set."""
    from ministack import app as ministack  # here, because it sets up the logging of the process

    # In this order: what is installed later is asked before what was installed earlier.
    _adapt(ministack)
    ssm._PUBLIC_AMI_PARAMETERS |= ARM_IMAGES
    api_protocols.install()
    authorization.install()
    unfinished = Unfinished(home.path / "unfinished.json")
    types.register(unfinished.begin)
    unfinished.install()
    cloudformation.install()
    stack_sets.install()
    simulation = Simulation()
    simulation.install()
    keys = keys_of(home)
    functions.install(keys)
    live = LiveFunctions()
    live.install()
    states = ChangedOnly(
        home.state, persistence._json_default, persistence._state_format_version, register_files(home)
    )  # fmt: skip
    states.complete()  # before the register is read
    persistence.save_state = states
    front = Front(partial(tls_context, home.postgres), KeptPlaces(home), tokens_signed_with(keys))
    rds = databases_of_rds(home, front, unfinished)
    rotations = Rotations(rds)
    rotations.install()
    proxies = Proxies(rds, front)
    proxies.install()
    distributed = Distributed(rds.databases, front)
    distributed.install()

    def save() -> None:
        unfinished.begin_saving()
        services = ministack._build_persistence_save_dict()
        if "cloudformation" in services:
            services["cloudformation"] = _stacks
        try:
            with states.together():
                register = rds.databases.begin_saving()
                for _ in range(TRIES):
                    persistence.save_all(services)
                    before, register = register, rds.databases.begin_saving()
                    if before == register:
                        break
                for name, text in register.items():
                    states.put(name, text)
        except OSError:
            rds.databases.saved()  # what was deleted may be what takes the room
            raise
        unfinished.saved()
        rds.databases.saved()

    autosave = Autosave(save, lambda: any_in_progress() or rotations.any_running() or any_running(), release)
    # ministack's own at its end would write service by service: stopped half-way, stacks would not fit their resources.
    ministack.save_all = lambda _services: autosave.save_now()
    moved: list[str] = []
    data_api.install(rds)
    schedules.install()
    urls.install(record.port)
    rest_apis.install(ministack)
    unknown_requests.install(ministack)
    pages = {
        ("GET", "health"): lambda _body: {"pid": os.getpid(), "version": record.version},
        ("GET", "status"): lambda _body: (
            summary(rds, proxies, distributed, front.places())
            | {"trouble": [*([autosave.trouble] * bool(autosave.trouble)), *moved], "live": list(live.shown())}
        ),
        ("GET", "simulation"): lambda _body: simulation.shown(),
        ("POST", "simulation"): simulation.set,
        ("DELETE", "simulation"): lambda _body: simulation.clear(),
        ("POST", "pause"): lambda body: pause(rds, body),
        ("POST", "functions"): functions_of,
        # It asks other sessions whether they are there, which may take a moment.
        ("POST", "live"): lambda body: asyncio.to_thread(live.register, body),
        ("DELETE", "live"): live.end,
    }

    def reopen() -> None:
        # First what a kill left half made. Proxies and DSQL clusters lead to databases, so these are opened before.
        delete_unfinished(unfinished.take())
        end_interrupted()
        rds.reopen()
        moved.extend(f"{name}: {MOVED}" for name in renew_outputs())
        proxies.reopen()
        distributed.reopen()
        DatabaseLogs(rds, home.postgres / "log-positions.json").start()
        published_metrics.start(rds)

    inner = signed_only(urls.with_root_path(after_boot(autosave.watching(ministack.app), reopen)), keys)
    return Server(guarded(with_pages(inner, pages, keys)), autosave, rds.databases.close_all)


def _stacks() -> dict[str, Any]:
    """The state of CloudFormation to save, which is made into text at once.

    ministack's own copies every stack and event before, which took twice as long as the text.
    """
    return {key: store() for store, key in stacks_api._PERSISTED_STORES}


def databases_of_rds(home: Home, front: Front, unfinished: Unfinished) -> Backing:
    """RDS over real servers; those that a killed emulator left behind are ended first."""
    databases = Databases(home, os.environ, front, (PostgresEngine(), MysqlEngine(home)))
    databases.end_orphans()
    databases.drop_unfinished()
    backing = Backing(databases, unfinished.begin, unfinished.ended)
    actions.install(backing)
    restores.install(backing)
    snapshot_copies.install(backing)
    pauses.install(backing)
    resources.install(backing, unfinished.begin)
    replace(stacks, "_runs_on_worker_thread", _on_worker)
    return backing


def _on_worker(inner: Inner, kind: str) -> bool:
    """Whether CloudFormation provisions the type in a thread: these block, as do some that ministack knows itself."""
    return kind.startswith(("AWS::RDS::", "AWS::DSQL::")) or bool(inner(kind))


def after_boot(inner: App, work: Callable[[], None]) -> App:
    """The same application; `work` is done when it has loaded its state and before it answers."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        async def then(message: Message) -> None:
            if message["type"] == "lifespan.startup.complete":
                try:
                    await asyncio.to_thread(work)
                except Exception as error:
                    # Raised, it would only be a warning of the server, which then answered without databases.
                    logger.exception("the emulator cannot start with what it kept")
                    message = {"type": "lifespan.startup.failed", "message": str(error)}
            await send(message)

        await inner(scope, receive, then if scope["type"] == "lifespan" else send)

    return app


def _adapt(ministack: Any) -> None:
    """Leave out what only a container of ministack's own needs at start, and count all requests as encrypted."""
    ministack.BANNER = ""
    ministack._stop_docker_containers = lambda *_: None
    ministack._collect_scripts = lambda *_: []
    # For policies with aws:SecureTransport: loopback crosses no network, and the bucket of CDK demands TLS.
    replace(ministack, "pin_request_origin", lambda inner, address, _secure: inner(address, True))
