"""The parts of README.md that are made from the code; `python -m tests.readme` writes them."""

from __future__ import annotations

import re
from pathlib import Path

from aurora_cfn.blueprints import BLUEPRINTS
from aurora_cfn.cli import COMMANDS
from aurora_cfn.report.docs import parameter_table

README = Path(__file__).parent.parent / "README.md"


def commands() -> str:
    """One row a command, as `--help` has it."""
    rows = [f"| `aurora-cfn {name}` | {line} |" for name, (_, line) in COMMANDS.items()]
    return "\n".join(["| command | what it does |", "|---|---|", *rows]) + "\n"


def parameters() -> str:
    """The parameter table of the first template."""
    return parameter_table(BLUEPRINTS[0])


def filled(text: str) -> str:
    """The text with the made parts as they are now."""
    for name, part in (("commands", commands()), ("parameters", parameters())):
        pattern = rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)"
        text, count = re.subn(pattern, lambda found, part=part: f"{found[1]}{part}{found[2]}", text, flags=re.DOTALL)  # type: ignore[misc]
        assert count == 1, f"README.md has no place for {name}"
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
