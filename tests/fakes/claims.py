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
    taken: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def put(self, path: str, value: str) -> bool:
        with self._lock:
            self.calls.append("PutParameter")
            free = path not in self.kept
            self.taken[path] = self.taken.get(path, 0) + free
            self.kept.setdefault(path, value)
            return free

    def get(self, path: str) -> str | None:
        self.calls.append("GetParameters")
        return self.kept.get(path)

    def under(self, path: str) -> Mapping[str, str]:
        self.calls += ["GetParametersByPath"] * max(1, -(-len(self.kept) // 10))
        found = {name.removeprefix(f"{path}/"): value for name, value in self.kept.items()}
        return {name: value for name, value in found.items() if "/" not in name}

    def identity(self, path: str) -> str:
        self.calls.append("GetParameters")
        return f"{self.taken.get(path, 0)} {self.kept[path]}" if path in self.kept else ""

    def remove(self, path: str, identity: str) -> bool:
        if not identity or self.identity(path) != identity:
            return False
        self.calls.append("DeleteParameter")
        return self.kept.pop(path, None) is not None
