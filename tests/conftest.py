"""What every test stands on: no AWS settings of the person, and folders of its own for caches and state."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

from tests.bytecode import compile_share, link_installed
from tests.memory import folder_in_memory

ROOT = Path(__file__).parent.parent

# A busy machine is slow now and then; speed is measured elsewhere, against a floor in the same run.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

# The tests and all that they import stay to the end: looking through them for garbage took a fifth of the run.
gc.set_threshold(100_000, 20, 20)

if sys.dont_write_bytecode and not sys.pycache_prefix:
    # PYTHONDONTWRITEBYTECODE keeps the tree clean, but hundreds of processes would compile all that they import, and
    # each worker rewrite every assert. Kept in a folder that git ignores: half of the time to collect, 1 s an emulator.
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(ROOT / ".pytest_cache" / "bytecode")
    if not Path(sys.pycache_prefix).exists():
        link_installed(Path(sys.pycache_prefix))
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts what runs in the background so; the commands under test would ignore Ctrl-C too.
    signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config: pytest.Config) -> None:
    """Share the work of compiling with the other workers of a first run."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker:
        compile_share(config, int(worker.removeprefix("gw")), int(os.environ["PYTEST_XDIST_WORKER_COUNT"]))


def pytest_collection_finish() -> None:
    """Leave what is loaded by now out of the garbage collector's rounds."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two a core: many tests wait for databases, servers and processes, and then a core is idle.

    Pure tests do not wait, and each worker collects them all again.
    """
    pure = config.getoption("markexpr") == "not slow"
    return (os.cpu_count() or 1) * (1 if pure else 2)


@pytest.fixture(autouse=True, scope="session")
def scrubbed_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No profile, key, region or endpoint leaks in, and no cache or emulator of the person is touched."""
    kept = dict(os.environ)
    for name in [name for name in os.environ if name.startswith(("AWS_", "AURORA_CFN_"))]:
        if name != "AURORA_CFN_MYSQL_BIN":  # where the server is that some tests need
            del os.environ[name]
    home = tmp_path_factory.mktemp("home")
    os.environ |= {
        "AURORA_CFN_CACHE": str(_cache_of(_of_the_run(tmp_path_factory))),
        "AURORA_CFN_HOME": str(home / "state"),
        "AWS_CONFIG_FILE": str(home / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(home / "credentials"),
        "AWS_EC2_METADATA_DISABLED": "true",
        "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])),
    }
    with folder_in_memory() as memory:
        if memory:
            os.environ["AURORA_CFN_DATA"] = str(memory)
        yield
    os.environ.clear()
    os.environ |= kept


def _of_the_run(factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of the run share, so that what one has linted the other need not."""
    base = factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


def _cache_of(run: Path) -> Path:
    """The cache folder of a run. Its lint results stay for the next run: their names say all that they depend on."""
    cache, linted = run / "cache", ROOT / ".pytest_cache" / "lint"
    for folder in (cache, linted):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # another worker was first
        (cache / "lint").symlink_to(linted)
    return cache
