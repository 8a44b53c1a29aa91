"""`python -m tests.differential [FOLDER]`: our errors on cfn-lint's own database templates that cfn-lint passes.

The pinned source distribution is fetched with pip into FOLDER (default: a temporary one) and nothing of it is kept in
this repository. Every error of ours needs a verdict in `verdicts.json`; exits with 1 for one without, and for a verdict
that nothing needs any more.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject

VERDICTS = Path(__file__).with_name("verdicts.json")
TODAY = date(2026, 11, 28)
TYPES = ("AWS::RDS::", "AWS::DSQL::")


def fetched(folder: Path) -> Path:
    """The folder with the templates of the source distribution of the installed version."""
    name = f"cfn-lint=={version('cfn-lint')}"
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
    if not list(folder.glob("*.tar.gz")):
        subprocess.run([*command, name], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    return next((folder / "unpacked").iterdir()) / "test" / "fixtures" / "templates"


def templates(folder: Path) -> Iterator[Path]:
    """Its templates that have a database."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in {".yaml", ".yml", ".json", ".template"}:
            text = file.read_text(encoding="utf-8", errors="replace")
            if any(kind in text for kind in TYPES):
                yield file


def our_errors(file: Path) -> Counter[str]:
    """How often each rule of ours reports an error; empty when cfn-lint reports one itself."""
    ((*found,),) = lint([Subject(file.name, file.read_text(encoding="utf-8"))], today=TODAY)
    rules = Counter(row.rule for row in found if row.severity == "error")
    return rules if all(rule.startswith("E9") for rule in rules) else Counter()


def main() -> None:
    """Compare with the verdicts and print what differs."""
    known = {(row["file"], row["rule"]): row for row in json.loads(VERDICTS.read_text(encoding="utf-8"))["rows"]}
    with tempfile.TemporaryDirectory() as temporary:
        folder = fetched(Path(sys.argv[1]) if sys.argv[1:] else Path(temporary))
        files = list(templates(folder))
        seen = {file.relative_to(folder).as_posix(): our_errors(file) for file in files}
    found = {(name, rule): count for name, rules in seen.items() for rule, count in rules.items()}
    print(f"{len(files)} templates with databases; {len(found)} pairs of a template and a rule of ours")
    for name, rule in sorted(found.keys() - known.keys()):
        print(f"no verdict: {name} {rule} ({found[name, rule]} times)")
    for name, rule in sorted(known.keys() - found.keys()):
        print(f"a verdict that nothing needs: {name} {rule}")
    print(*(f"{row['verdict']:<8}{name} {rule}: {row['why']}" for (name, rule), row in sorted(known.items())), sep="\n")
    raise SystemExit(found.keys() != known.keys())


if __name__ == "__main__":
    main()
