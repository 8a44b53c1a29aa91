"""Claims in memory, as Systems Manager keeps them; `calls` counts what was asked."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(slots=True)
class FakeClaims:
    """The port Claims."""

    kept: dict[str, str] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, value: str) -> bool:
        with self._lock:
            self.calls.append("PutParameter")
            free = path not in self.kept
            self.kept.setdefault(path, value)
            return free

    def get(self, path: str) -> str | None:
        self.calls.append("GetParameters")
        return self.kept.get(path)

    def under(self, path: str) -> Mapping[str, str]:
        self.calls += ["GetParametersByPath"] * max(1, -(-len(self.kept) // 10))
        found = {name.removeprefix(f"{path}/"): value for name, value in self.kept.items()}
        return {name: value for name, value in found.items() if "/" not in name}

    def remove(self, path: str) -> None:
        self.calls.append("DeleteParameter")
        self.kept.pop(path, None)
