"""What pip is given to install aurora-cfn once more, by how it was installed (PEP 610)."""

from __future__ import annotations

import json

import pytest

from aurora_cfn.project.installed import requirement_of

URL = "https://git.example.com/tools.git"
GIT = {"vcs": "git", "commit_id": "0123abc", "requested_revision": "main"}


@pytest.mark.parametrize(
    ("recorded", "requirement"),
    [
        (None, "aurora-cfn==1.2.3"),
        ({"url": URL, "vcs_info": GIT}, f"aurora-cfn @ git+{URL}@0123abc"),
        ({"url": URL, "vcs_info": GIT, "subdirectory": "a"}, f"aurora-cfn @ git+{URL}@0123abc#subdirectory=a"),
        ({"url": "https://a.example/b.whl", "archive_info": {"hashes": {"sha256": "ff"}}},
         "aurora-cfn @ https://a.example/b.whl#sha256=ff"),
        ({"url": "https://a.example/b.whl", "archive_info": {}}, None),
        ({"url": "file:///home/a/aurora-cfn", "dir_info": {"editable": True}}, None),
        ({"url": "file:///home/a/b.whl", "archive_info": {"hashes": {"sha256": "ff"}}}, None),
        ({"dir_info": {}}, None),
    ],
)  # fmt: skip
def test_the_requirement(recorded: object, requirement: str | None) -> None:
    assert requirement_of(None if recorded is None else json.dumps(recorded), "1.2.3") == requirement


def test_a_broken_record_is_no_requirement() -> None:
    assert requirement_of("{", "1.2.3") is None
