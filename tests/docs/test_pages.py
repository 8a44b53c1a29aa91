"""The generated parts of README.md and docs/ are what the code and a fresh run give."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.docs.pages import PAGES, ROOT, filled, part, part_names
from tests.docs.scenes import SCENES, Scene, play, steady
from tests.docs.tables import PARTS

TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in PAGES}
RUNS = sorted((page, name) for page, text in TEXTS.items() for name in part_names(text) & SCENES.keys())
MOST_LINES_OF_README = 150


@pytest.mark.parametrize("page", TEXTS)
def test_tables_and_numbers_are_fresh(page: str) -> None:
    assert filled(TEXTS[page], PARTS) == TEXTS[page], "run: make render"


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="transcripts are made on a pseudo terminal")
@pytest.mark.parametrize("name", sorted({name for _, name in RUNS}))
def test_transcripts_are_what_a_run_prints(name: str) -> None:
    fresh = steady(play(SCENES[name]))
    for page in (page for page, shown in RUNS if shown == name):
        assert steady(part(TEXTS[page], name)) == fresh, f"{page}: run: make render"


def test_every_generated_part_is_known_and_every_one_is_used() -> None:
    used = {name for text in TEXTS.values() for name in part_names(text)}
    assert used == PARTS.keys() | SCENES.keys()


def test_the_readme_stays_short() -> None:
    assert len(TEXTS["README.md"].splitlines()) <= MOST_LINES_OF_README


@pytest.mark.parametrize("page", sorted(TEXTS.keys() - {"README.md"}))
def test_the_readme_leads_to_every_page(page: str) -> None:
    assert f"({page})" in TEXTS["README.md"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("   4.8s  db  1/8", "  12.3s  db  1/8", True),
        ("   4.8s  db  1/8", "  1m 02s  db  1/8", True),
        ("  DBCluster    1.4s  ####", "  DBCluster    2.0s  ########", True),
        ("a created\ndb, slowest resources:\n  DBCluster  1.4s  ##\n  in all  1.4s\nSTACK", "a created\nSTACK", True),
        ("a created\ndb, slowest resources:\n  DBCluster  1.4s  ##\nb failed", "a created\n", False),
        ("cluster-784EE74EFEF747C1AD11", "cluster-84A777BB301B4D9AB025", True),
        ("Id  sg-fc5a2c8e5a20b67c8", "Id  sg-ff709cfa1672cddb1", True),
        ("2026-11-28T18:08:52Z", "2027-01-02T03:04:05Z", True),
        ("restorable to 11 s ago", "restorable to 2 min ago", True),
        ("paused after 60 min idle", "paused after 5 min idle", False),
        ("templates/db.yaml:408", "templates/db.yaml:420", True),
        ("1/8  CREATE_COMPLETE", "2/8  CREATE_COMPLETE", False),
        ("2 replace, 9 metadata", "2 replace, 8 metadata", False),
        ("at most 409.20", "at most 409.30", False),
        ("checked on 2026-11-20", "checked on 2026-11-21", False),
    ],
)
def test_transcripts_are_compared_without_times_and_ids(one: str, other: str, same: bool) -> None:
    assert (steady(one) == steady(other)) is same


@pytest.mark.skipif(sys.platform == "win32", reason="transcripts are made on a pseudo terminal")
def test_a_session_shows_commands_answers_and_exit_codes(tmp_path: Path) -> None:
    from tests.docs.terminal import session

    shown = session("read -p 'Sure? [y/N]: ' answer; echo \"<$answer>\"\nfalse", tmp_path, {})
    asked, _, failed = shown.partition("$ false\n")
    assert asked.startswith("$ read -p")
    assert asked.endswith("Sure? [y/N]: y\n<y>\n")
    assert failed == "$ echo $?\n1\n"


def test_a_scene_that_cannot_be_prepared_fails(tmp_path: Path) -> None:
    (tmp_path / "params").mkdir()
    (tmp_path / "params" / "dev.yaml").write_text("region: eu-west-1\n")
    scene: Scene = SCENES["transcript of review"]
    with pytest.raises(AssertionError, match="DatabaseName"):
        scene.prepare(tmp_path)
