"""Which regions a params file has named."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aurora_cfn.project.earlier_regions import earlier_regions, regions_in

CHANGE = """diff --git a/params/dev.yaml b/params/dev.yaml
--- a/params/dev.yaml
+++ b/params/dev.yaml
@@ -1 +1 @@
-{before}
+{after}
"""


@pytest.mark.parametrize(
    ("text", "change", "wanted"),
    [
        ("region: eu-west-1\n", "", ("eu-west-1",)),
        ("region: eu-west-1\n", CHANGE.format(before="region: us-east-1", after="region: eu-west-1"),
         ("eu-west-1", "us-east-1")),
        # The text is not committed yet.
        ("region: eu-west-1\n", CHANGE.format(before="a: 1", after="region: us-east-1"), ("eu-west-1", "us-east-1")),
        # Quotes and comments.
        ("a: 1\nregion: 'eu-west-1'  # Dublin\n", CHANGE.format(before='region: "us-gov-west-1"', after="region: x"),
         ("eu-west-1", "us-gov-west-1")),
        # Only the comment changed.
        ("region: eu-west-1\n", CHANGE.format(before="region: eu-west-1  # old", after="region: eu-west-1"),
         ("eu-west-1",)),
        # A key of a stack, another key, and a file without the key.
        ("  region: eu-west-1\nregions: eu-west-2\n", CHANGE.format(before="  region: eu-west-3", after=""), ()),
        ("", "--- region: eu-west-1\n", ()),
    ],
)  # fmt: skip
def test_regions_of_the_text_and_of_changed_lines(text: str, change: str, wanted: tuple[str, ...]) -> None:
    assert regions_in(text, change) == wanted


def test_the_history_of_the_file_counts_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params").mkdir()
    for region in ("us-east-1", "eu-central-1", "eu-west-1"):
        committed(tmp_path, region)
    assert earlier_regions("params/dev.yaml") == ("eu-west-1", "eu-central-1", "us-east-1")
    assert earlier_regions("params/other.yaml") == ("eu-west-1",)


def test_without_git_the_file_alone_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "dev.yaml").write_text("region: eu-west-1\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert earlier_regions("dev.yaml") == ("eu-west-1",)


def committed(folder: Path, region: str) -> None:
    """A commit in which dev.yaml names the region, and other.yaml the same one as ever."""
    (folder / "params" / "dev.yaml").write_text(f"region: {region}\n")
    (folder / "params" / "other.yaml").write_text("region: eu-west-1\n")
    who = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", region)):
        subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
