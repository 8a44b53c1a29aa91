"""Settings with which the AWS CLI and SDKs reach the emulator: lines for a shell, or a profile in their files.

File formats and variables: AWS SDKs and Tools Reference Guide, "Shared config and credentials files", read 2026-11.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from aurora_cfn.errors import InputError
from aurora_cfn.local.home import Home
from aurora_cfn.local.launcher import LocalServer
from aurora_cfn.local.record import replace_text

# SDKs need one; the emulator answers for every region.
REGION = "eu-west-1"
OURS = "# written by aurora-cfn local env --profile"
NAME = re.compile(r"[A-Za-z0-9_.@+-]+")


def shell_lines(server: LocalServer, home: Home) -> Iterator[str]:
    """POSIX shell lines that set the variables; credentials of the shell that would go first are unset."""
    values = {
        "AWS_ENDPOINT_URL": server.endpoint,
        "AWS_ACCESS_KEY_ID": server.keys.access_key_id,
        "AWS_SECRET_ACCESS_KEY": server.keys.secret_access_key,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        # The databases show a certificate of this home's authority: for psql and libpq, and for Node.js.
        "PGSSLROOTCERT": str(home.authority),
        "NODE_EXTRA_CA_CERTS": str(home.authority),
    }
    for name, value in values.items():
        yield f"export {name}={shlex.quote(value)}"
    # The settings of a profile would be mixed with ours, and a session token would be sent with our key.
    yield "unset AWS_PROFILE AWS_SESSION_TOKEN"
    # No variable names the authority for clients of MySQL.
    yield f"# MySQL clients verify the databases with --ssl-ca={shlex.quote(str(home.authority))}"


def write_profile(name: str, server: LocalServer, environ: Mapping[str, str]) -> list[Path]:
    """The files that have the profile now; InputError when a profile of that name is there and not ours."""
    if not NAME.fullmatch(name):
        raise InputError(f"{name!r} is no name for a profile: use letters, digits and _.@+-")
    title = "default" if name == "default" else f"profile {name}"
    keys = server.keys
    files = {
        _file(environ, "AWS_CONFIG_FILE", "config"): (title, {"region": REGION, "endpoint_url": server.endpoint}),
        _file(environ, "AWS_SHARED_CREDENTIALS_FILE", "credentials"): (
            name,
            {"aws_access_key_id": keys.access_key_id, "aws_secret_access_key": keys.secret_access_key},
        ),
    }
    texts = {}
    for path, (section, values) in files.items():
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        texts[path] = with_section(before, section, values, str(path))
    for path, text in texts.items():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_text(path.resolve(), text)  # a link stays a link
    return list(texts)


def with_section(text: str, title: str, values: Mapping[str, str], where: str) -> str:
    """The file with the section added, or renewed where it is ours; every other line stays as it is."""
    section = "\n".join([f"[{title}]", OURS, *(f"{key} = {value}" for key, value in values.items())]) + "\n"
    lines = text.splitlines(keepends=True)
    begins = [number for number, line in enumerate(lines) if line.strip() == f"[{title}]"]
    if not begins:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        return f"{text}{gap}{section}"
    begin = begins[0]
    # A section without our comment was written by the user: its keys are never overwritten.
    if lines[begin + 1 : begin + 2] != [f"{OURS}\n"]:
        raise InputError(f"{where} has a [{title}] of yours: choose another name")
    end = begin + 2
    while end < len(lines) and re.match(r"\w+ = ", lines[end]):  # a blank line or a comment after them is not ours
        end += 1
    return "".join(lines[:begin]) + section + "".join(lines[end:])


def _file(environ: Mapping[str, str], variable: str, usual: str) -> Path:
    chosen = environ.get(variable)
    return Path(chosen).expanduser() if chosen else Path("~/.aws").expanduser() / usual
