"""The measured parts of docs/performance.md, between two comments each; the text around them is written by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from tests.bench.measure import ROOT
from tests.bench.peers.timed import Run
from tests.clients.report import aligned

PAGE = ROOT / "docs" / "performance.md"
Part = Literal["peers", "growth"]
NOISE = 0.95
"""A ratio under this one says that the tool is ahead."""


@dataclass(frozen=True, slots=True)
class Row:
    """One work: the runs of each tool, in the order of the rounds; ours first."""

    work: str
    runs: Mapping[str, Sequence[Run]]

    def ratios(self, tool: str) -> tuple[float, float, float]:
        """Wall clock, CPU and memory of a tool over ours, the median of the rounds."""
        ours, theirs = next(iter(self.runs.values())), self.runs[tool]
        pairs = list(zip(ours, theirs, strict=True))
        return (
            median(their.wall / our.wall for our, their in pairs),
            median(their.cpu / our.cpu for our, their in pairs),
            median(their.memory / our.memory for our, their in pairs),
        )

    def cell(self, tool: str, names: Sequence[str]) -> str:
        """Ours in seconds and MiB, the others in times ours; empty where the tool has no such work."""
        runs = self.runs.get(tool)
        if runs is None:
            return "-"
        memory = median(run.memory for run in runs)
        if tool == names[0]:
            return f"{median(run.wall for run in runs):.2f} s ({median(run.cpu for run in runs):.2f}), {memory:.0f} MiB"
        wall, cpu, _ = self.ratios(tool)
        return f"x{wall:.2f} (x{cpu:.2f}), {memory:.0f} MiB"

    def ahead(self) -> list[str]:
        """Where a tool needs less than ours: `Tool: work (clock x0.80)`."""
        names = ("wall clock", "CPU", "memory")
        rows = []
        for tool in list(self.runs)[1:]:
            less = [
                f"{name} x{ratio:.2f}" for name, ratio in zip(names, self.ratios(tool), strict=True) if ratio < NOISE
            ]
            rows += [f"- {tool}, {self.work}: {', '.join(less)}"] if less else []
        return rows


def measured_part(rows: Sequence[Row], versions: Mapping[str, str], machine: str) -> str:
    """The date and machine, the table, and where another tool is ahead."""
    names = list(versions)
    head = ("work", *(f"{name} {number}" for name, number in versions.items()))
    table = aligned([head, *((row.work, *(row.cell(name, names) for name in names)) for row in rows)])
    ahead = [line for row in rows for line in row.ahead()] or ["- nowhere in this run"]
    return "\n".join([machine, "", table, "", "A tool is ahead of aurora-cfn:", "", *ahead, ""])


def with_part(page: str, name: Part, text: str) -> str:
    """The page with the measured part of that name replaced."""
    part = re.compile(rf"(<!-- measured: {name} -->\n).*?(<!-- /measured -->)", re.DOTALL)
    return part.sub(lambda found: f"{found[1]}{text}{found[2]}", page)


def write_part(name: Part, text: str) -> None:
    """Replace the part in docs/performance.md."""
    PAGE.write_text(with_part(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
