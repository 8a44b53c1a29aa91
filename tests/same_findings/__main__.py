"""`python -m tests.same_findings [FOLDER...]`: findings with and without `lint/faster_cfn_lint.py`, compared.

Without a folder: the shipped templates, those of the tests, and the fixtures of cfn-lint's own source distribution,
which is fetched. Prints each file whose findings differ and the CPU seconds of both sides; exits with 1 if one does.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from tests.differential.__main__ import fetched
from tests.same_findings.compare import both_sides, differences

ROOT = Path(__file__).parents[2]
OURS = (ROOT / "templates", ROOT / "tests" / "foreign" / "templates", ROOT / "tests" / "lint" / "good")


def main() -> None:
    """Compare over the folders of the command line, or over all."""
    with tempfile.TemporaryDirectory() as temporary:
        folders = [Path(word) for word in sys.argv[1:]] or [*OURS, fetched(Path(temporary))]
        files = [
            path
            for folder in folders
            for path in sorted(folder.rglob("*"))
            if path.suffix in {".yaml", ".yml", ".json", ".template"} and path.stat().st_size < 200_000
        ]
        plain, faster = both_sides(files)
    wrong = list(differences(plain.findings, faster.findings))
    count = sum(map(len, plain.findings.values()))
    print(f"{len(files)} files, {count} findings, {len(wrong)} differences")
    print(f"CPU: {plain.seconds:.1f} s as it is, {faster.seconds:.1f} s made faster")
    print(*wrong, sep="\n")
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        raise SystemExit(str(error.stderr)) from error
