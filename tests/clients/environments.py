"""Where the clients are installed: a folder of the cache, from the locks that stand beside the cases."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.clients.catalogue import Client

HERE = Path(__file__).parent
NODE, PYTHON = HERE / "node", HERE / "python"


class Environments:
    """The installed environments; each is made once for each state of its lock."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def command(self, client: Client) -> list[str]:
        """The command that runs the client's cases."""
        if client.environment == "node":
            # The cases stand beside node_modules, where node looks for packages from.
            folder = self._node()
            for path in NODE.glob("*.mjs"):
                shutil.copy(path, folder)
            return ["node", str(folder / client.script)]
        return [str(self._python(client.environment) / "bin" / "python"), str(PYTHON / client.script)]

    def version(self, client: Client) -> str:
        """The installed version of the client's package."""
        if client.environment == "node":
            manifest = self._node() / "node_modules" / client.package / "package.json"
            return str(json.loads(manifest.read_text())["version"])
        program = f"import importlib.metadata as m; print(m.version({client.package!r}))"
        command = [str(self._python(client.environment) / "bin" / "python"), "-c", program]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _node(self) -> Path:
        lock = NODE / "package-lock.json"
        folder = self._cache / f"node-{_digest(lock)}"
        if not (folder / "done").exists():
            folder.mkdir(parents=True, exist_ok=True)
            for name in ("package.json", "package-lock.json"):
                shutil.copy(NODE / name, folder)
            _run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], folder)
            (folder / "done").touch()
        return folder

    def _python(self, name: str) -> Path:
        lock = PYTHON / f"requirements-{name}.txt"
        folder = self._cache / f"{name}-{_digest(lock)}"
        if not (folder / "done").exists():
            _run([sys.executable, "-m", "venv", "--clear", str(folder)], HERE)
            pip = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
            # The lock names every package: without --no-deps pip asks for some of them again, without a hash.
            _run([*pip, "--no-deps", "--require-hashes", "-r", str(lock)], HERE)
            (folder / "done").touch()
        return folder


def cache() -> Path:
    """The folder of the user's cache that keeps what is installed."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "aurora-cfn" / "clients"


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:12]


def _run(command: list[str], folder: Path) -> None:
    print("$", " ".join(command[:4]), "...", file=sys.stderr)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip() and not line.startswith("WARNING")]
        raise OSError(f"{' '.join(command[:4])}: {' '.join(lines)[:400]}")
