"""Credentials for a whole run: found along botocore's chain, asked for in one place, renewed when they expire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from botocore.credentials import Credentials, ReadOnlyCredentials, RefreshableCredentials
from botocore.exceptions import BotoCoreError, RefreshWithMFAUnsupportedError
from botocore.session import Session
from botocore.utils import JSONFileCache, parse_timestamp

from aurora_cfn.aws.errors import expiry, has_ended
from aurora_cfn.errors import EXPIRED, MFA_NEEDED, NOT_RENEWED, AwsError

Ask = Callable[[str, str], str]
"""Asks a person for a code: the profile's name and the MFA device; the code."""
SESSIONS = Path("~/.aws/cli/cache")
"""Where the AWS CLI keeps sessions of roles (AWS CLI User Guide, "Using an IAM role", read 2026-11)."""


@dataclass(frozen=True, slots=True)
class FoundCredentials:
    """Credentials, None when there are none, of a profile, and whether renewing them may ask a person for a code."""

    credentials: Credentials | None
    profile: str = "default"
    asks: bool = False

    def frozen(self) -> ReadOnlyCredentials | None:
        """What to sign with now; sources are asked where those at hand end soon. Raises AwsError and botocore's own."""
        with _readable(self.profile):
            return self.credentials.get_frozen_credentials() if self.credentials else None


def refuse_mfa(profile: str, device: str) -> str:
    """Raise AwsError: there is nobody to ask."""
    what = (
        f"the profile {profile} asks for a code of the MFA device {device}, and there is no terminal to ask on: run "
        f"`aws sts get-caller-identity --profile {profile}` on one first, whose session is then used here too, or take "
        "a profile without mfa_serial"
    )
    raise AwsError(what, operation="AssumeRole", code=MFA_NEEDED)


def find_credentials(profile: str | None, region: str | None, ask: Ask = refuse_mfa) -> FoundCredentials:
    """What the files, the environment and the machine hold now. Raises botocore's errors for what makes no sense."""
    session = Session(profile=profile)
    if region:
        # STS is asked in that region too, as the AWS CLI does: it may be in another partition.
        session.set_config_variable("region", region)
    name = session.get_config_variable("profile") or "default"
    roles = session.get_component("credential_provider").get_provider("assume-role")
    roles.cache = ReadOnlyCache(str(SESSIONS.expanduser()))
    roles._prompter = lambda question: ask(name, _device(question))
    with _readable(name):
        found = session.get_credentials()
    by_role = getattr(found, "method", None) == roles.METHOD
    return FoundCredentials(found, name, asks=by_role and _wants_code(session.full_config["profiles"], name))


@contextmanager
def _readable(profile: str) -> Iterator[None]:
    """Raise AwsError for what botocore lets through: a credential_process that is not there or answers nonsense."""
    try:
        yield
    except BotoCoreError:
        # Some of these are errors of the operating system too.
        raise
    except (OSError, ValueError) as error:
        what = f"the credentials of the profile {profile} cannot be read (credential_process?): {error}"
        raise AwsError(what, code=NOT_RENEWED) from error
    except RuntimeError as error:
        # botocore's word for a source that only has credentials which are over; a person's refusal is one too.
        if type(error) is RuntimeError:
            raise expiry("credentials") from error
        raise


def _device(question: str) -> str:
    """The device in botocore's question `Enter MFA code for arn:...: `."""
    return question.rpartition(" for ")[2].strip(": ")


def _wants_code(profiles: Mapping[str, Mapping[str, Any]], name: str) -> bool:
    """Whether the profile, or one that it takes its own credentials from, names an MFA device."""
    seen: set[str] = set()
    while name in profiles and name not in seen:
        if "mfa_serial" in profiles[name]:
            return True
        seen.add(name)
        name = profiles[name].get("source_profile", "")
    return False


@dataclass(frozen=True, slots=True)
class CredentialProvider:
    """What botocore asks for the credentials of its clients."""

    credentials: Credentials

    def load_credentials(self) -> Credentials:
        """The one there is."""
        return self.credentials


class ReadOnlyCache(JSONFileCache):
    """The AWS CLI's sessions of roles; nothing is ever written there, and what cannot be understood is not there."""

    def __contains__(self, key: str) -> bool:
        """Whether there is a whole session under that key."""
        try:
            held: Mapping[str, str] = self[key]["Credentials"]
            parse_timestamp(held["Expiration"])
            return held.keys() >= {"AccessKeyId", "SecretAccessKey", "SessionToken"}
        except (AttributeError, KeyError, TypeError, ValueError):
            return False

    def __setitem__(self, key: str, value: object) -> None:
        """Keep nothing: no credentials are written by this program."""

    def __delitem__(self, key: str) -> None:
        """Take nothing away."""


Frozen: TypeAlias = ReadOnlyCredentials | None
RunOnMain: TypeAlias = Callable[[Callable[[], Frozen]], Frozen]
ASK_BEFORE = 120
"""Seconds before the end of a session at which a new code is asked for; what needs no code is renewed earlier."""
TRIES = 4
"""How often a call is sent at most whose credentials had ended."""


class RenewingCredentials(Credentials):
    """What botocore signs with: the credentials found last, and others once those have ended.

    `carried` has work done where a person can be asked; only what may ask goes that way, and it waits for its turn
    there without a lock.
    """

    def __init__(
        self, find_credentials: Callable[[], FoundCredentials], carried: RunOnMain = lambda work: work()
    ) -> None:
        """Look credentials up. Raises what botocore raises for a profile that makes no sense."""
        self._carried = carried
        self._look_up = find_credentials
        self._found = find_credentials()
        self._last: Frozen = None
        self._signed = threading.local()
        self._lock = threading.Lock()

    def get_frozen_credentials(self) -> Frozen:  # type: ignore[override] # botocore leaves out that None means none
        """What the next request is signed with; None when there are none. Raises AwsError when they have ended."""
        if not self._found.asks:
            frozen = self._fresh()
        elif self._last is not None and not self._due():
            frozen = self._last
        else:
            frozen = self._carried(self._asked)
        self._signed.last = frozen
        return frozen

    def renewed(self) -> bool:
        """Whether there are other credentials now than those that this thread has signed with last."""
        used = getattr(self._signed, "last", None)

        def renew() -> Frozen:
            with self._lock:
                return self._last if self._last != used else self._anew()

        return (self._carried(renew) if self._found.asks else renew()) != used

    def _due(self) -> bool:
        held = self._found.credentials
        return isinstance(held, RefreshableCredentials) and held.refresh_needed(ASK_BEFORE)

    def _asked(self) -> Frozen:
        """Asked for once, for all who have waited for the same answer."""
        if self._last is not None and not self._due():
            return self._last
        try:
            self._last = self._found.frozen()
        except RefreshWithMFAUnsupportedError:
            # botocore's own would ask a first time only.
            self._anew()
        return self._last

    def _fresh(self) -> Frozen:
        held = self._found
        try:
            self._last = held.frozen()
        except Exception as error:
            # The files may hold others by now, unless another thread has seen that already.
            if not has_ended(error):
                raise
            with self._lock:
                self._last = self._anew() if self._found is held else self._found.frozen()
        return self._last

    def _anew(self) -> Frozen:
        self._found = self._look_up()
        self._last = self._found.frozen()
        return self._last


def renewal(credentials: RenewingCredentials) -> Callable[..., float | None]:
    """A handler for botocore's event `needs-retry`: no time to wait where other credentials were found."""

    def retry(*, attempts: int, response: Any = None, **_: Any) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        return 0.0 if code in EXPIRED and attempts < TRIES and credentials.renewed() else None

    return retry
