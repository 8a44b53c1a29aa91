"""The zip that stands for a function's code during a session."""

from __future__ import annotations

import json
from importlib import resources

from aurora_cfn.model.live_session import RelayPlace
from aurora_cfn.packaging.archive import packed


def stub_zip(handler: str, place: RelayPlace, who: str, remedy: str, *, as_function: bool) -> bytes:
    """The zip for a function whose configuration names this handler, which stays as it is."""
    *folders, module, _ = handler.replace("/", ".").split(".")
    top = "".join(f"{folder}/" for folder in folders)
    settings = {
        "requests": place.requests,
        "replies": list(place.replies),
        "who": who,
        "remedy": remedy,
        "as_function": as_function,
    }
    source = (resources.files("aurora_cfn") / "handlers" / "live_stub.py").read_bytes()
    return packed({f"{top}{module}.py": source, f"{top}live.json": json.dumps(settings).encode()})
