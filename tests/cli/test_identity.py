"""Who calls: profiles, roles and MFA, whole commands against a loopback STS."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.credentials import SSOProvider
from click.testing import Result

from aurora_cfn.local.keys import PREFIX
from tests.cli.project import PARAMS, Project

DEVICE = "arn:aws:iam::123456789012:mfa/me"
ROLE = "arn:aws:iam::123456789012:role/deployer"
LATE = (
    '{"Version":1,"AccessKeyId":"AKIALATE","SecretAccessKey":"canary","SessionToken":"x",'
    '"Expiration":"2020-01-01T00:00:00Z"}'
)
CONFIG = f"""\
[default]
region = eu-west-1
[profile people]
aws_access_key_id = AKIAPEOPLE
aws_secret_access_key = canary
[profile deployer]
role_arn = {ROLE}
source_profile = people
[profile coded]
role_arn = {ROLE}
source_profile = people
mfa_serial = {DEVICE}
[profile over-coded]
role_arn = arn:aws:iam::123456789012:role/second
source_profile = coded
[profile process]
credential_process = echo '{{"Version":1,"AccessKeyId":"AKIAPROCESS","SecretAccessKey":"canary"}}'
[profile babble]
credential_process = echo canary
[profile absent]
credential_process = /nowhere/at/all
[profile late]
credential_process = echo '{LATE}'
[profile loop]
role_arn = {ROLE}
source_profile = nowhere
[profile sso]
sso_start_url = https://example.invalid/start
sso_region = eu-west-1
sso_account_id = 123456789012
sso_role_name = deployer
"""
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None, "AWS_PROFILE": None}


@pytest.fixture
def config(dev: Project) -> Path:
    """The AWS configuration of a person, in a home of its own."""
    path = dev.folder / "config"
    path.write_text(CONFIG)
    return path


def run(dev: Project, *arguments: str, profile: str | None = None, environ: dict[str, str] | None = None) -> Result:
    """A command that gets its credentials from the configuration alone."""
    chosen = () if profile is None else ("--profile", profile)
    address = ("--endpoint-url", dev.endpoint.url, *chosen)
    return dev.run(*arguments, *address, environ={**NO_KEYS, **home(dev), **(environ or {})})


def home(dev: Project) -> dict[str, str]:
    return {
        "AWS_CONFIG_FILE": str(dev.folder / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(dev.folder / "credentials"),
        "AWS_ENDPOINT_URL_STS": dev.endpoint.url,
        "AWS_ENDPOINT_URL_SSO": dev.endpoint.url,
        "HOME": str(dev.folder),
    }


QUESTION = f"MFA code for {DEVICE} (profile coded):"
DEPLOY = ("deploy", "--env", "dev", "--yes", "--no-proof", "--no-preflight")


@pytest.mark.usefixtures("config")
class TestProfiles:
    def test_a_role_is_assumed_with_the_keys_of_its_source_and_signs_every_call(self, dev: Project) -> None:
        result = run(dev, *DEPLOY, profile="deployer")
        assert result.exit_code == 0, result.stderr
        assert dev.endpoint.tokens.keys("AssumeRole") == ["AKIAPEOPLE"]
        assert [row["RoleArn"] for row in dev.endpoint.tokens.asked] == [ROLE]
        assert {key for name, key in dev.endpoint.tokens.signed if name != "AssumeRole"} == {"ASIA1"}
        assert "canary" not in result.output

    @pytest.mark.parametrize(
        ("params", "option", "variable", "key"),
        [
            ("", None, "people", "AKIAPEOPLE"),
            ("", "people", "process", "AKIAPEOPLE"),
            ("profile: people\n", None, "process", "AKIAPEOPLE"),
            ("profile: people\n", "process", None, "AKIAPROCESS"),
            ("", "process", None, "AKIAPROCESS"),
        ],
    )
    def test_the_option_goes_before_the_params_file_and_that_before_the_shell(
        self, dev: Project, params: str, option: str | None, variable: str | None, key: str
    ) -> None:
        dev.write(params + PARAMS)
        result = run(dev, "status", "--env", "dev", profile=option, environ={"AWS_PROFILE": variable or ""})
        assert result.exit_code == 0, result.stderr
        assert {one for _, one in dev.endpoint.tokens.signed} == {key}

    @pytest.mark.parametrize(
        ("profile", "says"),
        [
            ("missing", "the profile missing does not exist: `aws configure list-profiles` shows those that do"),
            ("loop", 'The source_profile "nowhere" referenced in the profile "loop" does not exist'),
            ("babble", "the credentials of the profile babble cannot be read (credential_process?): Expecting value"),
            ("absent", "the credentials of the profile absent cannot be read (credential_process?): [Errno 2]"),
            ("late", "the AWS credentials have expired: log in again"),
            ("sso", "the login session has expired: log in again (`aws sso login`"),
        ],
    )
    def test_a_profile_that_cannot_be_used_gives_one_line(self, dev: Project, profile: str, says: str) -> None:
        result = run(dev, *DEPLOY, profile=profile)
        assert result.exit_code == 4
        assert says in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert dev.endpoint.actions == []

    def test_a_role_that_may_not_be_assumed_is_reported_as_such(self, dev: Project) -> None:
        message = f"User: arn:aws:iam::123456789012:user/me is not authorized to perform: sts:AssumeRole on {ROLE}"
        dev.endpoint.refusals["AssumeRole"] = [("AccessDenied", message)]
        result = run(dev, *DEPLOY, profile="deployer")
        assert result.exit_code == 4
        assert result.stderr.startswith(f"error: AssumeRole: {message} (AccessDenied): check role_arn and")
        assert dev.endpoint.actions == ["AssumeRole"]


NOWHERE = "http://127.0.0.1:9"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIASHELL", "AWS_SECRET_ACCESS_KEY": "canary"}


@pytest.mark.usefixtures("config")
class TestShell:
    """What the variables of a shell mean, beside what is given by hand."""

    def status(self, dev: Project, *arguments: str, **environ: str) -> Result:
        given = {name: value.replace("URL", dev.endpoint.url) for name, value in environ.items()}
        return dev.run("status", "--env", "dev", *arguments, environ={**NO_KEYS, **home(dev), **given})

    @pytest.mark.parametrize(
        ("arguments", "environ", "key"),
        [
            (["--profile", "people"], KEYS, "AKIAPEOPLE"),
            ([], KEYS, "AKIASHELL"),
            ([], {**KEYS, "AWS_PROFILE": "people"}, "AKIASHELL"),
            ([], {"AWS_DEFAULT_PROFILE": "people"}, "AKIAPEOPLE"),
        ],
    )
    def test_a_profile_given_by_hand_goes_before_keys_and_keys_before_that_of_the_shell(
        self, dev: Project, arguments: list[str], environ: dict[str, str], key: str
    ) -> None:
        result = self.status(dev, *arguments, "--endpoint-url", dev.endpoint.url, **environ)
        assert (result.exit_code, {one for _, one in dev.endpoint.tokens.signed}) == (0, {key}), result.stderr

    @pytest.mark.parametrize(
        "environ",
        [
            {"AWS_ENDPOINT_URL": "URL"},
            {"AWS_ENDPOINT_URL_CLOUDFORMATION": "URL"},
            {"AWS_ENDPOINT_URL": NOWHERE, "AWS_ENDPOINT_URL_CLOUDFORMATION": "URL"},
            {"AWS_ENDPOINT_URL": "URL", "HTTP_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"},
            {"AWS_ENDPOINT_URL": "http://cloudformation.invalid", "HTTP_PROXY": "URL"},
        ],
    )
    def test_addresses_and_proxies_of_the_shell_are_taken(self, dev: Project, environ: dict[str, str]) -> None:
        result = self.status(dev, **KEYS, **environ)
        assert result.exit_code == 0, result.stderr
        # The second DescribeStacks looks for stacks that no params file has any more.
        assert dev.endpoint.actions == ["GetCallerIdentity", "DescribeStacks", "DescribeStacks"]

    def test_the_option_goes_before_all_addresses_of_the_shell(self, dev: Project) -> None:
        environ = {"AWS_ENDPOINT_URL": NOWHERE, "AWS_ENDPOINT_URL_STS": NOWHERE}
        assert self.status(dev, "--endpoint-url", dev.endpoint.url, **KEYS, **environ).exit_code == 0

    @pytest.mark.parametrize(
        ("arguments", "environ", "says"),
        [
            ([], {}, "no AWS credentials found: set AWS_PROFILE or --profile"),
            ([], {"AWS_ACCESS_KEY_ID": "A"}, "the AWS credentials are incomplete"),
            ([], {"AWS_PROFILE": "missing", **KEYS}, "the profile missing does not exist"),
            (["--endpoint-url", "not a url"], KEYS, "not a url is no address: --endpoint-url and AWS_ENDPOINT_URL"),
            (["--endpoint-url", "localhost:4566"], KEYS, "localhost:4566 is no address"),
            ([], {**KEYS, "AWS_ENDPOINT_URL_CLOUDFORMATION": "??"}, "?? is no address"),
        ],
    )
    def test_what_cannot_work_gives_one_line(
        self, dev: Project, arguments: list[str], environ: dict[str, str], says: str
    ) -> None:
        result = self.status(dev, *arguments, **environ)
        assert (result.exit_code, result.stdout) == (4, "")
        assert says in result.stderr
        assert len(result.stderr.splitlines()) == 1
        assert "canary" not in result.stderr
        assert "DescribeStacks" not in dev.endpoint.actions

    def test_the_emulator_needs_no_profile_that_the_shell_names(self, dev: Project) -> None:
        dev.write(PARAMS.replace('account: "123456789012"', "endpoint: local"))
        result = self.status(dev, "--endpoint-url", dev.endpoint.url, AWS_PROFILE="missing", **KEYS)
        signed = {one for _, one in dev.endpoint.tokens.signed}
        assert (result.exit_code, len(signed)) == (0, 1), result.stderr
        assert all(one.startswith(PREFIX) for one in signed), "the emulator's own keys, never those of the shell"


@pytest.mark.usefixtures("config")
class TestCodes:
    @pytest.mark.parametrize("profile", ["coded", "over-coded"])
    def test_without_a_terminal_nothing_is_asked(self, dev: Project, profile: str) -> None:
        result = run(dev, *DEPLOY, profile=profile)
        assert result.exit_code == 4
        assert result.stderr.startswith(f"error: the profile {profile} asks for a code of the MFA device {DEVICE}")
        assert len(result.stderr.splitlines()) == 1
        assert dev.endpoint.actions == []

    def test_a_session_that_the_aws_cli_has_kept_is_used_and_nothing_is_written_beside_it(self, dev: Project) -> None:
        kept = keep(dev, "ASIAKEPT")
        before = kept.read_bytes()
        result = run(dev, *DEPLOY, profile="coded")
        assert result.exit_code == 0, result.stderr
        assert {key for _, key in dev.endpoint.tokens.signed} == {"ASIAKEPT"}
        assert list(kept.parent.iterdir()) == [kept]
        assert kept.read_bytes() == before

    @pytest.mark.parametrize(
        "text", ["", "{}", "[]", '{"Credentials": 1}', '{"Credentials": {"Expiration": "2999-01-01T00:00:00Z"}}']
    )
    def test_what_is_kept_in_another_form_is_as_good_as_nothing(self, dev: Project, text: str) -> None:
        keep(dev, "ASIAKEPT").write_text(text)
        result = run(dev, *DEPLOY, profile="coded")
        assert result.exit_code == 4
        assert "asks for a code of the MFA device" in result.stderr

    def test_a_session_that_ends_while_watching_leaves_the_stack_running(self, dev: Project) -> None:
        kept = keep(dev, "ASIAKEPT")
        dev.endpoint.cfn.at_once = False
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        dev.endpoint.tokens.meanwhile = lambda: kept.unlink(missing_ok=True)
        result = run(dev, *DEPLOY, profile="coded")
        assert result.exit_code == 7, result.stderr
        assert "still running, but no longer watched: the profile coded asks for a code" in result.stderr
        way = f"--env dev --profile coded --endpoint-url {dev.endpoint.url}"
        assert f"`aurora-cfn events {way} --stack db --follow` shows it" in result.stderr

    @pytest.mark.slow
    def test_a_terminal_is_asked_at_the_start_and_again_when_the_session_ends(self, dev: Project) -> None:
        dev.endpoint.cfn.at_once = False
        dev.endpoint.tokens.codes = {"123456"}
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        ours, theirs = pty.openpty()
        # In a session of its own it has no /dev/tty, which would be the terminal in which the tests run.
        process = subprocess.Popen(
            [sys.executable, "-m", "aurora_cfn", *DEPLOY, "--endpoint-url", dev.endpoint.url, "--profile", "coded"],
            cwd=dev.folder, env={**os.environ, **home(dev), "AWS_EC2_METADATA_DISABLED": "true"},
            stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
        )  # fmt: skip
        os.close(theirs)
        seen = read_to(ours, QUESTION)
        os.write(ours, b"12345\n")
        seen += read_to(ours, QUESTION)
        os.write(ours, b"123 456\n")
        seen += read_to(ours, QUESTION)
        assert dev.endpoint.actions.count("DescribeStackEvents") == 1
        for _ in range(30):
            process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(timeout=1)
                break
        seen += os.read(ours, 65536).decode()
        assert process.returncode == 7
        assert "Error: a code has 6 digits" in seen
        assert "123 456" not in seen
        assert "still running, but no longer watched: no MFA code was given; `aurora-cfn events --env dev" in seen
        os.close(ours)


class TestLogins:
    """IAM Identity Center: the login is the AWS CLI's, and so is its token."""

    @pytest.fixture(autouse=True)
    def login(self, dev: Project, config: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        """The file of the token; botocore has looked up where it lies when it was imported."""
        assert config.exists()
        folder = dev.folder / ".aws" / "sso" / "cache"
        folder.mkdir(parents=True)
        monkeypatch.setattr(SSOProvider, "_SSO_TOKEN_CACHE_DIR", str(folder))
        path = folder / f"{hashlib.sha1(b'https://example.invalid/start').hexdigest()}.json"
        path.write_text(json.dumps({"accessToken": "first", "expiresAt": "2999-01-01T00:00:00Z"}))
        return path

    def test_the_token_gives_the_credentials_of_the_role(self, dev: Project) -> None:
        result = run(dev, *DEPLOY, profile="sso")
        assert result.exit_code == 0, result.stderr
        assert dev.endpoint.tokens.logins == ["first"]
        assert {key for _, key in dev.endpoint.tokens.signed} == {"ASIASSO1"}

    def test_a_login_that_was_renewed_meanwhile_goes_on(self, dev: Project, login: Path) -> None:
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        dev.endpoint.tokens.meanwhile = lambda: login.write_text(login.read_text().replace("first", "second"))
        result = run(dev, *DEPLOY, profile="sso")
        assert result.exit_code == 0, result.stderr
        assert dev.endpoint.tokens.logins == ["first", "second"]
        assert dev.endpoint.tokens.keys("DescribeStackEvents")[:2] == ["ASIASSO1", "ASIASSO2"]

    @pytest.mark.parametrize("gone", [True, False], ids=["logged out", "over"])
    def test_a_login_that_ends_meanwhile_leaves_the_stack_running(
        self, dev: Project, login: Path, *, gone: bool
    ) -> None:
        dev.endpoint.cfn.at_once = False
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        dev.endpoint.tokens.meanwhile = login.unlink if gone else lambda: dev.endpoint.tokens.over.add("first")
        result = run(dev, *DEPLOY, profile="sso")
        assert result.exit_code == 7, result.stderr
        assert "still running, but no longer watched: the login session has expired: log in again" in result.stderr
        assert "events --env dev --profile sso" in result.stderr


class TestEnds:
    """Credentials that are over while a stack is watched."""

    def test_keys_that_were_renewed_in_the_file_meanwhile_are_read_from_there(self, dev: Project, config: Path) -> None:
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        dev.endpoint.tokens.meanwhile = lambda: config.write_text(CONFIG.replace("AKIAPEOPLE", "AKIANEW"))
        result = run(dev, *DEPLOY, profile="people")
        assert result.exit_code == 0, result.stderr
        assert dev.endpoint.tokens.keys("DescribeStackEvents")[:2] == ["AKIAPEOPLE", "AKIANEW"]
        assert dev.endpoint.tokens.signed[-1][1] == "AKIANEW"

    def test_the_same_keys_again_leave_the_stack_running(self, dev: Project, config: Path) -> None:
        dev.endpoint.cfn.at_once = False
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        result = run(dev, *DEPLOY, profile="people")
        assert config.exists()
        assert result.exit_code == 7, result.stderr
        assert "still running, but no longer watched: the AWS credentials have expired" in result.stderr
        assert dev.endpoint.actions.count("DescribeStackEvents") == 1

    def test_a_process_that_gives_no_more_leaves_the_stack_running(self, dev: Project, config: Path) -> None:
        dev.endpoint.cfn.at_once = False
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        dev.endpoint.tokens.meanwhile = lambda: config.write_text(CONFIG.replace('echo \'{"Version"', "false '{"))
        result = run(dev, *DEPLOY, profile="process")
        assert result.exit_code == 7, result.stderr
        assert "still running, but no longer watched: Error when retrieving credentials" in result.stderr

    def test_a_role_is_assumed_anew(self, dev: Project, config: Path) -> None:
        dev.endpoint.tokens.end_at = "DescribeStackEvents"
        result = run(dev, *DEPLOY, profile="deployer")
        assert config.exists()
        assert result.exit_code == 0, result.stderr
        assert dev.endpoint.tokens.keys("DescribeStackEvents")[:2] == ["ASIA1", "ASIA2"]
        assert dev.endpoint.actions.count("AssumeRole") == 2


def read_to(terminal: int, words: str) -> str:
    seen = ""
    while words not in seen:
        seen += os.read(terminal, 4096).decode()
    return seen


def keep(dev: Project, key: str) -> Path:
    """A session of the role as the AWS CLI keeps it; its file."""
    asked = json.dumps({"RoleArn": ROLE, "SerialNumber": DEVICE}, sort_keys=True)
    path = dev.folder / ".aws" / "cli" / "cache" / f"{hashlib.sha1(asked.encode()).hexdigest()}.json"
    path.parent.mkdir(parents=True)
    held = {"AccessKeyId": key, "SecretAccessKey": "canary", "SessionToken": "x", "Expiration": "2999-01-01T00:00:00Z"}
    path.write_text(json.dumps({"Credentials": held}))
    return path
