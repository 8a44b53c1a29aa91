"""Put the server together: ministack, what this program adds to it, and the guard in front."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aurora_cfn.local.home import Home
from aurora_cfn.local.record import ServerRecord
from aurora_cfn.local.server.autosave import Autosave
from aurora_cfn.local.server.guard import App, guarded
from aurora_cfn.local.server.pages import with_pages


@dataclass(frozen=True, slots=True)
class Server:
    """What the process runs."""

    app: App
    autosave: Autosave
    close: Callable[[], None]


def assemble(_home: Home, record: ServerRecord) -> Server:
    """Import ministack and wrap it; call it after the environment is set."""
    from ministack import app as ministack
    from ministack.core.persistence import save_all

    from aurora_cfn.local.server import conditions
    from aurora_cfn.local.server.operations import any_in_progress
    from aurora_cfn.local.server.summary import summary

    _quiet_boot(ministack)
    conditions.install()
    autosave = Autosave(lambda: save_all(ministack._build_persistence_save_dict()), any_in_progress)
    pages = {
        ("GET", "health"): lambda _body: {"pid": os.getpid(), "version": record.version},
        ("GET", "status"): lambda _body: summary(),
    }
    app = guarded(with_pages(autosave.watching(ministack.app), pages))
    return Server(app, autosave, lambda: None)


def _quiet_boot(ministack: Any) -> None:
    """Leave out what only a container of ministack's own needs at start: its banner, Docker, boot scripts."""
    ministack.BANNER = ""
    ministack._stop_docker_containers = lambda *_: None
    ministack._collect_scripts = lambda *_: []
