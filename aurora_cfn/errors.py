"""The errors of this program, each class with the exit code of the command, and AWS's error codes by meaning."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One fault in a file: what is wrong, where, and what to do."""

    what: str
    path: str = ""
    line: int | None = None
    key: str = ""
    hint: str = ""

    def __str__(self) -> str:
        """`params/dev.yaml:12: stacks.db.parameters.MaxCapacity: 300 is over 256 (hint)`, as far as known."""
        place = f"{self.path}:{self.line}" if self.path and self.line else self.path
        hint = f" ({self.hint})" if self.hint else ""
        return ": ".join(part for part in (place, self.key, self.what) if part) + hint


EXIT_NEGATIVE = 1
"""A check failed, nothing was to do, or the user declined."""
EXIT_DIFFERENCES = 8
"""Differences were found, with `--exit-code`."""
# EX_SOFTWARE of sysexits.h.
EXIT_BUG = 70
EXIT_INTERRUPTED = 130
"""Ctrl-C. The codes of errors are in their classes."""


_NO_FOLDER = {errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ELOOP, errno.ENAMETOOLONG}
NO_ROOM = frozenset(
    {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, *_NO_FOLDER}
)
"""Numbers of OSError: the disk is full, may not be written or fails, or a file stands where a folder is needed or the
other way round; the program can do nothing else."""


class AuroraCfnError(Exception):
    """An expected error, which a message explains; any other exception is a bug."""

    exit_code = EXIT_BUG


class InputError(AuroraCfnError):
    """A file or a value is wrong; has every complaint that was found, not only the first."""

    exit_code = 3

    def __init__(self, complaints: Sequence[Complaint] | str) -> None:
        """Take the complaints in reading order; a bare string is one complaint without a place."""
        if isinstance(complaints, str):
            complaints = (Complaint(complaints),)
        self.complaints = tuple(complaints)
        super().__init__("\n".join(map(str, self.complaints)))


THROTTLED = frozenset({"Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded", "SlowDown"})
"""AWS codes that say "too often": the call was not carried out."""
DENIED = frozenset(
    {
        "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized",
        "NotAuthorizedException",
    }
)  # fmt: skip
"""AWS codes of a missing permission; services spell it differently."""
FORBIDDEN = "403"
"""The code of S3's HEAD calls, which have no message: a missing permission, or a bucket of another account."""
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
"""AWS codes of credentials that have expired, so that new ones would do."""
REFUSED = frozenset({"InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "AuthFailure"})
"""AWS codes of credentials that AWS does not accept."""
NO_CREDENTIALS, NOT_RENEWED = "NoCredentialsError", "CredentialRetrievalError"
"""botocore's names for no credentials at all, and for credentials that could not be fetched."""
MFA_NEEDED = "MfaCodeNeeded"
"""Our own code: the profile wants an MFA code, and none was given."""
UNREACHABLE = "Unreachable"
"""Our own code of a call without an answer: AWS may have carried it out or not."""
BAD_ANSWER, BAD_ENDPOINT, BAD_SECRET = "BadAnswer", "InvalidEndpoint", "InvalidSecret"
"""Our own codes: what answered is not AWS, the endpoint is no address, the secret has no user and password."""
FAULTS = frozenset({"InternalFailure", "InternalError", "ServiceUnavailable", "500", "502", "503", "504"})
"""AWS codes of its own failures, and HTTP statuses of answers without a code, such as those of a proxy: the call may
have been carried out or not (CloudFormation API reference, common errors, and botocore's parser, read 2026-11)."""
NO_CHANGE_SET = frozenset({"ChangeSetNotFound", "ChangeSetNotFoundException"})
NO_STACK_SET, NO_OPERATION = "StackSetNotFoundException", "OperationNotFoundException"
OPERATION_EXISTS, OPERATION_RUNS = "OperationIdAlreadyExistsException", "OperationInProgressException"
"""Codes of StackSets: an operation of that id exists, and another operation runs."""
VALIDATION = "ValidationError"
"""CloudFormation's code for almost every refusal; only its message says what is wrong."""
UNSUPPORTED = frozenset({"InvalidAction", "UnknownOperation", "UnknownOperationException", VALIDATION})
"""AWS codes of an endpoint that does not have the call, or not with these parameters (older emulators, regions)."""
NOT_FOUND = "ResourceNotFoundException"
"""The code of Secrets Manager, CloudWatch Logs, the Client VPN and Cloud Control for a resource that does not exist."""
STALE_REVISION = "PreconditionFailedException"
"""Lambda's code for another RevisionId than the one that the call names."""
NO_QUEUE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"})
ENTITY_EXISTS = "EntityAlreadyExists"
"""IAM's code for a name that is taken."""
EXISTS = "ConflictException"
"""EventBridge Scheduler's code for a schedule of a name that is taken."""
PARAMETER_EXISTS, NO_PARAMETER = "ParameterAlreadyExists", "ParameterNotFound"
"""Systems Manager's codes for the name of a parameter that is taken, and for one that does not exist."""
NO_CLUSTER = frozenset({"DBClusterNotFoundFault", "DBClusterNotFound"})
NO_INSTANCE = frozenset({"DBInstanceNotFound", "DBInstanceNotFoundFault"})
NOT_READY = frozenset({"DBInstanceNotReady", "DBInstanceNotReadyFault"})
"""RDS's codes of an instance that is paused, or not available for another reason."""
NO_SNAPSHOT = frozenset(
    {
        "DBClusterSnapshotNotFoundFault", "DBClusterSnapshotNotFound", "DBSnapshotNotFound", "DBSnapshotNotFoundFault",
    }
)  # fmt: skip
NO_OBJECT = frozenset({"404", "NoSuchBucket", "NoSuchKey", "NotFound"})
TAKEN, CONFLICT = frozenset({"412", "PreconditionFailed"}), "ConditionalRequestConflict"
"""S3's answers to PutObject with If-None-Match: the key is taken, or another upload to it runs."""
NO_BUCKET_TAGS, NO_BUCKET_POLICY = "NoSuchTagSet", "NoSuchBucketPolicy"
BUCKET_EXISTS = "BucketAlreadyOwnedByYou"
"""S3's answer to CreateBucket where the account has the bucket already."""
NO_DATA_API, RESUMING = "HttpEndpointNotEnabledException", "DatabaseResumingException"
"""Codes of the Data API: it is switched off, and the database resumes from its pause."""
FROM_DATABASE = frozenset({"BadRequestException", "DatabaseErrorException"})
"""Codes with which the Data API passes on an error of the database; BadRequestException has other causes too."""
LIVE_TAIL_ENDED = "SessionTimeoutException"
"""What a stream of Live Tail ends with after 3 hours (CloudWatch Logs API reference, StartLiveTail, read 2026-11)."""
NO_KEY = "NotFoundException"
"""KMS's code for a key that does not exist."""


class AwsError(AuroraCfnError):
    """AWS refused, throttled or could not be reached; the operation and AWS's code are kept."""

    exit_code = 4

    def __init__(self, message: str, *, operation: str = "", code: str = "") -> None:
        """Keep AWS's own words in `message`."""
        super().__init__(message)
        self.operation = operation
        self.code = code

    @property
    def throttled(self) -> bool:
        """Whether AWS throttled the call, which was not carried out."""
        return self.code in THROTTLED

    @property
    def denied(self) -> bool:
        """Whether the caller has no permission for the call."""
        return self.code in DENIED

    @property
    def unauthenticated(self) -> bool:
        """Whether the credentials are missing, refused or expired, so that the same call cannot succeed."""
        return self.code in EXPIRED | REFUSED | {NO_CREDENTIALS, NOT_RENEWED, MFA_NEEDED}

    @property
    def unanswered(self) -> bool:
        """Whether no answer came: the call may have been carried out or not."""
        return self.code == UNREACHABLE

    @property
    def inconclusive(self) -> bool:
        """Whether AWS may have carried out the call: no answer, an unreadable one, or a failure of its own."""
        return self.unanswered or self.code in FAULTS | {BAD_ANSWER}

    @property
    def unsupported(self) -> bool:
        """Whether the endpoint does not have the call, or not with these parameters."""
        return self.code in UNSUPPORTED

    @property
    def no_change_set(self) -> bool:
        """Whether the change set does not exist: executing one deletes all others of the stack (ExecuteChangeSet)."""
        return self.code in NO_CHANGE_SET


@contextmanager
def suppress_codes(*codes: Collection[str]) -> Iterator[None]:
    """A block that ends, without an error, where AWS answers with one of the codes of any of these sets."""
    try:
        yield
    except AwsError as error:
        if not any(error.code in some for some in codes):
            raise


class UnreadOutcomeError(AwsError):
    """AWS has accepted a call, or may have, and what became of it cannot be read."""


class SqlError(AwsError):
    """The database refused a statement; its own words are the message."""

    def __init__(self, message: str, *, sqlstate: str = "", position: int | None = None, code: str = "") -> None:
        """Keep the SQLState (five characters) and the place in the statement, counted from 1, as far as known."""
        super().__init__(message, operation="ExecuteStatement", code=code)
        self.sqlstate = sqlstate
        self.position = position


class DeployError(AuroraCfnError):
    """The stack failed or rolled back; the message starts with the first true cause."""

    exit_code = 5


class StuckError(DeployError):
    """The stack failed and is stuck: it has to be repaired before the next deployment (`aurora-cfn recover`)."""

    exit_code = 10


class StaleError(AuroraCfnError):
    """What was planned or committed does not match what there is now."""

    exit_code = EXIT_NEGATIVE


class DeclinedError(AuroraCfnError):
    """The user declined something that the command cannot do without; nothing was changed."""

    exit_code = EXIT_NEGATIVE


class GuardError(AuroraCfnError):
    """The change would lose data or replace a stateful resource, and it was not allowed by name."""

    exit_code = 6


class KnownFailureError(AuroraCfnError):
    """AWS is known to refuse the change, or to roll it back, and it was not asked for by name (`--try-anyway`)."""

    exit_code = 11


class LeftoverError(AuroraCfnError):
    """The stack is as wanted, but its clean-up left something behind, which `--strict` makes an error."""

    exit_code = 9


class BusyError(AuroraCfnError):
    """Another operation runs on the stack, or one was left running (detached, timed out)."""

    exit_code = 7
