"""Templates that AWS takes as they are, in many styles: none gets an error or a warning.

`good/` has them written by hand, as CDK and troposphere write them, for SAM, with nested stacks, imports, exports,
mappings, loops, macros and custom resources. Each stands near a fault that a rule reports.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from aurora_cfn.lint.engine import lint
from aurora_cfn.lint.subject import Subject

GOOD = sorted((Path(__file__).parent / "good").iterdir())


@pytest.mark.parametrize("file", GOOD, ids=lambda file: file.stem)
def test_a_good_template_gets_no_error_and_no_warning(file: Path) -> None:
    ((*found,),) = lint([Subject(file.name, file.read_text(encoding="utf-8"))], today=date(2026, 11, 28))
    assert [f"{row.line}: {row.rule} {row.message}" for row in found if row.severity != "info"] == []


def test_there_are_templates_of_many_styles() -> None:
    assert len(GOOD) >= 50
