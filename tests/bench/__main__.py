"""`python -m tests.bench [NAME...]`: prints a table of ratios; exits with 1 when one is over its limit.

`python -m tests.bench scale` prints how time grows with the number of stacks, environments and resources, and writes
the table into docs/performance.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aurora_cfn.blueprints import BLUEPRINTS
from tests.bench import cold_lint, foreign, review, starting
from tests.bench.deploying import deploy_cases, emulator, emulator_memory
from tests.bench.fleet import measured_fleet
from tests.bench.fleet_emulator import constant, measured_on_emulator
from tests.bench.floors import CLICK_HELLO, bare_troposphere
from tests.bench.growth import growth_part
from tests.bench.kills import measured_kills
from tests.bench.live import measured_live
from tests.bench.load import exponent, measured_load, within
from tests.bench.measure import AURORA, ENVIRONMENT, Case, measured, table, with_bytecode
from tests.bench.peers.page import write_part
from tests.bench.relay import measured_relay
from tests.bench.scale import environments_case, measured_growth
from tests.bench.stacks import measured_stacks
from tests.bench.watching import cheap, measured_watching, watched_text

ROUNDS = 11


def cases(folder: Path, address: str, denied: str) -> Iterator[Case]:
    """Every case, in a project folder of its own with the templates written."""
    (folder / "hello.py").write_text(CLICK_HELLO)
    (folder / "bare.py").write_text(bare_troposphere(BLUEPRINTS[0]))
    python = sys.executable
    yield Case("--help", [*AURORA, "--help"], [python, "hello.py", "--help"], 1.1, folder)
    yield Case("render", [*AURORA, "render", BLUEPRINTS[0].name, "--stdout"], [python, "bare.py"], 1.05, folder)
    yield Case("lint, again", [*AURORA, "lint"], [*AURORA, "--help"], 3.0, folder)
    yield from cold_lint.cases(folder)
    yield from deploy_cases(folder, address)
    yield from foreign.cases(folder, address)
    yield from review.cases(folder)
    yield from starting.cases(folder, denied)


def wanted(case: Case) -> bool:
    """Whether the command line asks for the case: no word, or a word of its name."""
    return not sys.argv[1:] or any(word in case.name for word in sys.argv[1:])


def _grown() -> bool:
    """Print and write down how time grows with the size of a project; True when all of it is about linear."""
    with tempfile.TemporaryDirectory() as name:
        with_bytecode(Path(name) / "bytecode")
        rows = measured_growth(Path(name))
    print(*rows, sep="\n")
    write_part("growth", growth_part(rows))
    return all(row.within for row in rows)


def main() -> None:
    """Run the cases whose names hold one of the given words, or all."""
    if sys.argv[1:] == ["scale"]:
        raise SystemExit(not _grown())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([*AURORA, "render"], cwd=folder, check=True, capture_output=True, env=ENVIRONMENT)
        with emulator(folder) as address, starting.denying() as denied:
            print(emulator_memory(address))
            with_bytecode(folder / "bytecode")
            results = measured(filter(wanted, cases(folder, address, denied)), rounds=ROUNDS)
            if not sys.argv[1:] or "review" in sys.argv[1:]:
                results.append(environments_case(folder, ROUNDS))
            live = [measured_live(folder)] if not sys.argv[1:] or "live" in sys.argv[1:] else []
            runs = measured_load(folder, address) if not sys.argv[1:] or "load" in sys.argv[1:] else []
            # Many minutes, so only when asked for.
            killed = measured_kills(folder) if "load" in sys.argv[1:] or "kills" in sys.argv[1:] else []
            proofs = measured_on_emulator(folder) if "fleet" in sys.argv[1:] else []
        times = measured_stacks(folder) if not sys.argv[1:] or "stacks" in sys.argv[1:] else []
    watched = measured_watching() if not sys.argv[1:] or "watching" in sys.argv[1:] else []
    relays = [measured_relay()] if not sys.argv[1:] or "relay" in sys.argv[1:] else []
    fleets = [measured_fleet()] if not sys.argv[1:] or "fleet" in sys.argv[1:] else []
    print(table(results))
    grown = [f"load: exponent {exponent(runs):.2f} from {runs[-2].stacks} to {runs[-1].stacks} stacks"] if runs else []
    print(
        *live,
        *relays,
        *runs,
        *grown,
        *killed,
        *times,
        *([watched_text(watched)] if watched else []),
        *fleets,
        *proofs,
        sep="\n",
    )
    good = all(row.within for row in times) and (not runs or within(runs)) and (not watched or cheap(watched))
    good = (
        good and all(row.good for row in killed) and all(row.good for row in fleets) and all(row.within for row in live)
    )
    good = good and all(row.within for row in relays)
    good = good and all(row.good for row in proofs) and (not proofs or constant(proofs))
    raise SystemExit(not (good and all(row.within for row in results)))


if __name__ == "__main__":
    main()
