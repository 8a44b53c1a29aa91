from __future__ import annotations

from pathlib import Path

import pytest

from aurora_cfn.errors import InputError
from aurora_cfn.local.client_settings import OURS, shell_lines, with_section, write_profile
from aurora_cfn.local.home import Home
from aurora_cfn.local.keys import Keys
from aurora_cfn.local.launcher import LocalServer

SERVER = LocalServer("http://127.0.0.1:4566", 1, started=False, keys=Keys("LKIA1", "secret"))
SECTION = f"[profile local]\n{OURS}\nregion = eu-west-1\n"
OWN = "# mine\n[default]\nregion = us-east-1\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SECTION),
        (OWN, f"{OWN}\n{SECTION}"),
        (OWN.rstrip(), f"{OWN}\n{SECTION}"),
        (f"[profile local]\n{OURS}\nregion = old\nendpoint_url = x\n\n{OWN}", f"{SECTION}\n# mine\n{OWN[7:]}"),
        (f"{OWN}\n[profile local]\n{OURS}\nregion = old\n", f"{OWN}\n{SECTION}"),
    ],
)
def test_the_section_is_added_or_renewed_and_the_rest_stays(text: str, expected: str) -> None:
    found = with_section(text, "profile local", {"region": "eu-west-1"}, "config")
    assert [line for line in found.splitlines() if line] == [line for line in expected.splitlines() if line]
    assert with_section(found, "profile local", {"region": "eu-west-1"}, "config").count("[profile local]") == 1


def test_a_profile_of_the_person_is_not_touched(tmp_path: Path) -> None:
    config, credentials = tmp_path / "config", tmp_path / "credentials"
    config.write_text("[profile local]\nregion = us-east-1\n")
    environ = {"AWS_CONFIG_FILE": str(config), "AWS_SHARED_CREDENTIALS_FILE": str(credentials)}
    with pytest.raises(InputError, match=r"has a \[profile local\] of yours: choose another name"):
        write_profile("local", SERVER, environ)
    assert config.read_text() == "[profile local]\nregion = us-east-1\n"
    assert not credentials.exists()
    with pytest.raises(InputError, match="is no name for a profile"):
        write_profile("a]b", SERVER, environ)


def test_a_profile_has_the_endpoint_and_the_keys_and_its_files_are_private(tmp_path: Path) -> None:
    folder = tmp_path / "aws"
    environ = {"AWS_CONFIG_FILE": str(folder / "config"), "AWS_SHARED_CREDENTIALS_FILE": str(folder / "credentials")}
    config, credentials = write_profile("local", SERVER, environ)
    assert "endpoint_url = http://127.0.0.1:4566" in config.read_text()
    assert credentials.read_text().startswith("[local]")
    assert "aws_secret_access_key = secret" in credentials.read_text()
    assert [path.stat().st_mode & 0o777 for path in (config, credentials)] == [0o600, 0o600]


def test_the_lines_of_a_shell_name_the_keys_and_the_authority(tmp_path: Path) -> None:
    home = Home(tmp_path / "a home")
    lines = list(shell_lines(SERVER, home))
    assert "export AWS_ACCESS_KEY_ID=LKIA1" in lines
    assert f"export PGSSLROOTCERT='{home.authority}'" in lines
    assert lines[-2] == "unset AWS_PROFILE AWS_SESSION_TOKEN"
    assert lines[-1] == f"# MySQL clients verify the databases with --ssl-ca='{home.authority}'"
