"""Advisories that concern locked packages, in the format of PyPA's database (OSV)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.packaging.advisories import LOCK, affected, locked, newest

ADVISORY = """\
id: PYSEC-2026-1
modified: 2026-11-02T18:28:34.811764Z
aliases: [CVE-2026-1]
affected:
- package: {ecosystem: PyPI, name: some-package}
  ranges:
  - {type: GIT, events: [{introduced: "0"}, {fixed: 4e98d57}]}
  - type: ECOSYSTEM
    events: [{introduced: 2.0.0}, {fixed: 2.0.7}, {introduced: "0"}, {fixed: 1.26.18}]
  versions: ["1.0", 9.9.9]
"""
LAST = ADVISORY.replace("{fixed: 1.26.18}", "{last_affected: 1.26.18}")


def test_the_lock_is_read_whole_with_all_versions_of_a_package() -> None:
    text = 'a_B.c==1.0 ; python_version < "3.12" \\\n    --hash=sha256:0\na-b-c==2.0\n# d==1\n'
    assert locked(text) == {"a-b-c": {"1.0", "2.0"}}
    assert {"boto3", "ministack", "ruff"} <= locked(LOCK.read_text()).keys()


@pytest.mark.parametrize(
    ("version", "text", "found"),
    [
        ("1.26.17", ADVISORY, True),
        ("1.26.18", ADVISORY, False),
        ("2.0.0", ADVISORY, True),
        ("2.0.10", ADVISORY, False),
        ("9.9.9", ADVISORY, True),
        ("1.26.18", LAST, True),
        ("1.26.19", LAST, False),
        ("1.0", f"{ADVISORY}withdrawn: 2026-11-03T00:00:00Z\n", False),
    ],
)
def test_a_version_is_affected_by_list_or_range(tmp_path: Path, version: str, text: str, found: bool) -> None:
    folder = tmp_path / "vulns" / "some-package"
    folder.mkdir(parents=True)
    (folder / "PYSEC-2026-1.yaml").write_text(text)
    rows = list(affected(tmp_path, {"some-package": {version}, "other": {"1"}}))
    said = f"some-package {version}: PYSEC-2026-1, CVE-2026-1, fixed in 2.0.7" + ", 1.26.18" * (text is ADVISORY)
    assert rows == ([said] if found else [])
    assert newest(tmp_path) == "2026-11-02"
    assert newest(tmp_path / "none") == ""
