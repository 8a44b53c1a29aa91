"""`vpn certificates` and `vpn profile`, as whole commands."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.project import Project

PARAMS = """\
region: eu-west-1
stacks:
  client-vpn:
    template: client-vpn
    parameters:
      VpcId: vpc-0123456789abcdef0
      VpcCidr: 10.0.0.0/16
      SubnetIds: subnet-0123456789abcdef0
      ServerCertificateArn: arn:aws:acm:eu-west-1:123456789012:certificate/00000000-0000-4000-8000-000000000000
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority, a server and a client, made once."""
    return tmp_path_factory.mktemp("outside") / "keys"


@pytest.fixture
def keys(dev: Project, made: Path) -> Path:
    dev.write(PARAMS)
    if not made.exists():
        assert certificates(dev, made, "--client", "anna", "--no-import")[0] == 0
    return made


def certificates(dev: Project, folder: Path, *more: str) -> tuple[int, str, str]:
    done = dev.run(
        "vpn", "certificates", "--env", "dev", "--endpoint-url", dev.endpoint.url, "--folder", str(folder), *more
    )
    return done.exit_code, done.stdout, done.stderr


def profile(dev: Project, folder: Path, *more: str) -> tuple[int, str, str]:
    done = dev.run("vpn", "profile", "--env", "dev", "--endpoint-url", dev.endpoint.url, "--folder", str(folder), *more)
    return done.exit_code, done.stdout, done.stderr


def test_keys_are_for_their_owner_alone(keys: Path) -> None:
    files = {file.name: file.stat().st_mode & 0o777 for file in keys.iterdir()}
    assert {"authority.key", "server.crt", "client-anna.key"} <= set(files)
    assert set(files.values()) == {0o600}
    assert keys.stat().st_mode & 0o777 == 0o700


def test_the_server_is_imported_once_and_no_other_key_leaves(dev: Project, keys: Path) -> None:
    code, out, _ = certificates(dev, keys)
    ((arn, held),) = dev.endpoint.stores.certificates.items()
    assert (code, out) == (0, f"ServerCertificateArn: {arn}\n")
    assert held["PrivateKey"] == (keys / "server.key").read_text()
    assert held["CertificateChain"] == (keys / "authority.crt").read_text()
    assert certificates(dev, keys)[1] == out
    assert dev.endpoint.actions == ["ImportCertificate"]
    assert (keys / "server.aws.eu-west-1.arn").read_text() == arn + "\n"


def test_a_certificate_that_vanished_from_acm_is_imported_anew(dev: Project, tmp_path: Path) -> None:
    dev.write(PARAMS)
    folder = tmp_path / "keys"
    _, first, _ = certificates(dev, folder)
    dev.endpoint.stores.certificates.clear()
    (folder / "server.crt").unlink()
    code, second, _ = certificates(dev, folder)
    assert code == 0
    assert second != first
    assert second.strip().removeprefix("ServerCertificateArn: ") in dev.endpoint.stores.certificates


def test_a_renewed_server_keeps_its_arn(dev: Project, tmp_path: Path) -> None:
    dev.write(PARAMS)
    folder = tmp_path / "keys"
    _, first, _ = certificates(dev, folder)
    (folder / "server.crt").unlink()
    code, second, err = certificates(dev, folder)
    assert (code, second) == (0, first)
    assert "renewed in ACM" in err


def test_no_message_shows_a_key(dev: Project, tmp_path: Path) -> None:
    dev.write(PARAMS)
    folder = tmp_path / "keys"
    _, out, err = certificates(dev, folder, "--client", "anna")
    secret = (folder / "client-anna.key").read_text().splitlines()[1]
    assert secret not in out + err
    assert "PRIVATE" not in out + err


def test_a_folder_in_a_work_tree_is_refused_before_anything_is_made(dev: Project) -> None:
    dev.write(PARAMS)
    Path(".git").mkdir()
    code, out, err = certificates(dev, Path("keys"), "--client", "anna")
    assert (code, out) == (3, "")
    assert "keys is inside the git work tree" in err
    assert not Path("keys").exists()


@pytest.mark.skipif(os.name != "posix", reason="other systems have no such modes")
def test_a_folder_that_others_may_read_is_refused(dev: Project, tmp_path: Path) -> None:
    dev.write(PARAMS)
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    code, _, err = certificates(dev, folder)
    assert (code, list(folder.iterdir())) == (3, [])
    assert "others can read it (755)" in err


def test_a_profile_holds_the_clients_part_and_is_private(dev: Project, keys: Path, tmp_path: Path) -> None:
    dev.endpoint.stores.configurations["cvpn-endpoint-1"] = "client\n<ca>\nroot\n</ca>\n"
    code, out, _ = profile(dev, keys, "--client", "anna", "--endpoint-id", "cvpn-endpoint-1")
    path = Path(out.strip())
    assert (code, path) == (0, keys / "anna.ovpn")
    text = path.read_text()
    assert (keys / "client-anna.crt").read_text() in text
    assert (keys / "client-anna.key").read_text() in text
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_endpoint_is_that_of_the_environments_stack(dev: Project, keys: Path) -> None:
    code, out, err = profile(dev, keys, "--client", "anna")
    assert (code, out) == (3, "")
    assert "client-vpn-dev is not deployed" in err


def test_an_unknown_client_is_shown_how_to_become_one(dev: Project, keys: Path) -> None:
    code, out, err = profile(dev, keys, "--client", "eve")
    assert (code, out) == (3, "")
    assert "eve has no certificate" in err
    assert "vpn certificates --env dev --client eve" in err


def test_a_profile_inside_a_work_tree_is_refused(dev: Project, keys: Path) -> None:
    Path(".git").mkdir()
    code, _, err = profile(dev, keys, "--client", "anna", "--out", "anna.ovpn", "--endpoint-id", "cvpn-endpoint-1")
    assert code == 3
    assert "work tree" in err
    assert dev.endpoint.actions == []


def test_an_endpoint_that_aws_does_not_know(dev: Project, keys: Path) -> None:
    code, out, err = profile(dev, keys, "--client", "anna", "--endpoint-id", "cvpn-endpoint-2")
    assert (code, out) == (4, "")
    assert "cvpn-endpoint-2 does not exist" in err


def test_the_emulator_has_no_endpoint_to_connect_to(dev: Project, keys: Path) -> None:
    dev.write("endpoint: local\n" + PARAMS)
    code, out, err = profile(dev, keys, "--client", "anna", "--endpoint-id", "cvpn-endpoint-1")
    assert (code, out) == (3, "")
    assert "a profile needs an endpoint in AWS" in err
