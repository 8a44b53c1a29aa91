"""Credentials for a whole run: botocore's chain, MFA codes asked for on the main thread, renewal after expiry."""

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

AskForCode = Callable[[str, str], str]
"""Asks the user for an MFA code, given the profile and the device."""
CLI_CACHE = Path("~/.aws/cli/cache")
"""The AWS CLI's cache of role sessions (AWS CLI User Guide, "Using an IAM role", read 2026-11)."""


@dataclass(frozen=True, slots=True)
class FoundCredentials:
    """Credentials of a profile, None if there are none; `asks`: their renewal may need an MFA code."""

    credentials: Credentials | None
    profile: str = "default"
    asks: bool = False

    def frozen(self) -> ReadOnlyCredentials | None:
        """The keys to sign with now, renewed if they expire soon. Raises AwsError and botocore's errors."""
        with _readable(self.profile):
            return self.credentials.get_frozen_credentials() if self.credentials else None


def refuse_mfa(profile: str, device: str) -> str:
    """Raise AwsError: a code is needed, and there is no terminal."""
    what = (
        f"the profile {profile} asks for a code of the MFA device {device}, and there is no terminal to ask on: run "
        f"`aws sts get-caller-identity --profile {profile}` on one first, whose session is then used here too, or take "
        "a profile without mfa_serial"
    )
    raise AwsError(what, operation="AssumeRole", code=MFA_NEEDED)


def find_credentials(
    profile: str | None, region: str | None, ask: AskForCode = refuse_mfa, session: Session | None = None
) -> FoundCredentials:
    """The credentials of environment, files and instance metadata, read again. Raises botocore's errors.

    `session` is one that has the profile and has read nothing yet, so that no other is made.
    """
    session = session or Session(profile=profile)
    if region:
        # STS is called in that region too, like the AWS CLI does: a region of China needs STS in its partition.
        session.set_config_variable("region", region)
    name = session.get_config_variable("profile") or "default"
    chain = session.get_component("credential_provider")
    roles = chain.get_provider("assume-role")
    # So a role session that the AWS CLI has opened with an MFA code is used, without asking for another code.
    roles.cache = ReadOnlyCache(str(CLI_CACHE.expanduser()))
    # botocore has no public setting for it: the prompter is an argument of a constructor that botocore itself calls.
    roles._prompter = lambda question: ask(name, _device(question))
    with _readable(name):
        # Not `session.get_credentials`, which keeps them: the clients of the session must ask for them each time.
        found = chain.load_credentials()
    # Keys in the environment come before the role of the profile, and need no code.
    by_role = getattr(found, "method", None) == roles.METHOD
    return FoundCredentials(found, name, asks=by_role and _wants_code(session.full_config["profiles"], name))


@contextmanager
def _readable(profile: str) -> Iterator[None]:
    """Raise AwsError for exceptions that botocore does not translate, such as those of a broken credential_process."""
    try:
        yield
    except BotoCoreError:
        raise  # before OSError, which some of these are too
    except (OSError, ValueError) as error:
        what = f"the credentials of the profile {profile} cannot be read (credential_process?): {error}"
        raise AwsError(what, code=NOT_RENEWED) from error
    except RuntimeError as error:
        # botocore raises a plain RuntimeError for expired credentials; click's Abort is a subclass of it.
        if type(error) is RuntimeError:
            raise expiry("credentials") from error
        raise


def _device(question: str) -> str:
    """The device in botocore's prompt `Enter MFA code for arn:...: `."""
    return question.rpartition(" for ")[2].strip(": ")


def _wants_code(profiles: Mapping[str, Mapping[str, Any]], name: str) -> bool:
    """Whether the profile or one of its source profiles names an MFA device."""
    seen: set[str] = set()
    # A profile may name itself as its source: with the keys that are written in it.
    while name in profiles and name not in seen:
        if "mfa_serial" in profiles[name]:
            return True
        seen.add(name)
        name = profiles[name].get("source_profile", "")
    return False


@dataclass(frozen=True, slots=True)
class CredentialProvider:
    """botocore's credential provider, which its clients ask."""

    credentials: Credentials

    def load_credentials(self) -> Credentials:
        """The credentials; the name is botocore's."""
        return self.credentials


class ReadOnlyCache(JSONFileCache):
    """The AWS CLI's cache of role sessions, only read; incomplete entries count as missing."""

    def __contains__(self, key: str) -> bool:
        """Whether there is a complete session under that key."""
        try:
            held: Mapping[str, str] = self[key]["Credentials"]
            parse_timestamp(held["Expiration"])
            return held.keys() >= {"AccessKeyId", "SecretAccessKey", "SessionToken"}
        except (AttributeError, KeyError, TypeError, ValueError):
            return False

    def __setitem__(self, key: str, value: object) -> None:
        """Write nothing: this program stores no credentials."""

    def __delitem__(self, key: str) -> None:
        """Delete nothing."""


Frozen: TypeAlias = ReadOnlyCredentials | None
RunOnMain: TypeAlias = Callable[[Callable[[], Frozen]], Frozen]
ASK_BEFORE = 120
"""Seconds before its expiry at which a session is renewed by an MFA code. Short, so that the user is asked seldom;
credentials without a code are renewed by botocore, 15 minutes before they expire."""
TRIES = 4
"""Most attempts of a call that is refused because credentials expired."""


class RenewingCredentials(Credentials):
    """Credentials for botocore's clients that are looked up again once they have expired.

    `run_on_main` runs a function on the main thread, where the user can be asked; used only if a code may be needed,
    and never while the lock is held, since the main thread might wait for that lock.
    """

    def __init__(
        self, find_credentials: Callable[[], FoundCredentials], run_on_main: RunOnMain = lambda work: work()
    ) -> None:
        """Look up the first credentials. Raises botocore's errors for an invalid profile."""
        self._run_on_main = run_on_main
        self._find = find_credentials
        self._found = find_credentials()
        self._last: Frozen = None
        # What each thread signed with last: after a refusal only that thread knows which keys were refused.
        self._signed = threading.local()
        self._lock = threading.Lock()

    def get_frozen_credentials(self) -> Frozen:  # type: ignore[override] # botocore leaves out that None means none
        """The keys for the next request, None without credentials. Raises AwsError if they expired for good."""
        if not self._found.asks:
            frozen = self._fresh()
        elif self._last is not None and not self._due():
            frozen = self._last
        else:
            frozen = self._run_on_main(self._renew_with_code)
        self._signed.last = frozen
        return frozen

    def renewed(self) -> bool:
        """Look the credentials up again; whether they differ from those that this thread used last."""
        used = getattr(self._signed, "last", None)

        def renew() -> Frozen:
            with self._lock:
                # Another thread may have renewed them while this one waited for the lock.
                return self._last if self._last != used else self._look_up_again()

        return (self._run_on_main(renew) if self._found.asks else renew()) != used

    def _due(self) -> bool:
        held = self._found.credentials
        return isinstance(held, RefreshableCredentials) and held.refresh_needed(ASK_BEFORE)

    def _renew_with_code(self) -> Frozen:
        # Several threads may have queued this: the first one asks the user, the others find it done.
        if self._last is not None and not self._due():
            return self._last
        try:
            self._last = self._found.frozen()
        except RefreshWithMFAUnsupportedError:
            # botocore asks for a code only once per credentials object, so a new one is made.
            self._look_up_again()
        return self._last

    def _fresh(self) -> Frozen:
        held = self._found
        try:
            self._last = held.frozen()
        except Exception as error:
            # The AWS CLI may have written new credentials since; another thread may have read them already.
            if not has_ended(error):
                raise
            with self._lock:
                self._last = self._look_up_again() if self._found is held else self._found.frozen()
        return self._last

    def _look_up_again(self) -> Frozen:
        self._found = self._find()
        self._last = self._found.frozen()
        return self._last


def renewal(credentials: RenewingCredentials) -> Callable[..., float | None]:
    """A handler of botocore's event `needs-retry`: retry at once if new credentials were found after an expiry."""

    def retry(*, attempts: int, response: Any = None, **_: Any) -> float | None:
        code = response[1].get("Error", {}).get("Code") if response else None
        return 0.0 if code in EXPIRED and attempts < TRIES and credentials.renewed() else None

    return retry
