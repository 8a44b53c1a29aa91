"""Templates that are too large for a call: where the border is, where they go, and what happens without a bucket."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from threading import Thread

import pytest
from cfnlint.helpers import LIMITS

from aurora_cfn.deploy.context import Choices, Context
from aurora_cfn.deploy.deploy_stack import deploy
from aurora_cfn.deploy.import_resources import planned, take_in
from aurora_cfn.deploy.large_template import MOST_BYTES, template_key, why_large
from aurora_cfn.deploy.plan.make import plan_stack
from aurora_cfn.deploy.preview import WarningsOnly, previewed
from aurora_cfn.deploy.uploads import PROTECTED_TAG, UploadBucket, Uploads
from aurora_cfn.errors import AwsError, BusyError, DeclinedError, InputError
from aurora_cfn.model.plan import DesiredStack, StackPlan
from tests.deploy import toys
from tests.deploy.preflight.toys import stack as subject
from tests.deploy.toys import changed
from tests.fakes.actuals import FakeActuals
from tests.fakes.buckets import FakeBucket, FakeBuckets
from tests.fakes.cloudformation import ACCOUNT

NAME = f"aurora-cfn-{ACCOUNT}-eu-west-1"
OURS = UploadBucket(NAME, "params/dev.yaml", ACCOUNT, tags={"Project": "x"})
GIVEN = UploadBucket("mine", "params/dev.yaml", ACCOUNT, given=True)
LOOKED = ["HeadBucket", "HeadObject"]


def padded(bytes_: int, letter: str = "x") -> str:
    """The toy template with a comment of that letter that makes it so many bytes long."""
    letters, rest = divmod(bytes_ - len(f"# \n{toys.TEMPLATE}".encode()), len(letter.encode()))
    return f"# {letter * letters}{'x' * rest}\n{toys.TEMPLATE}"


LARGE = padded(60_000)
KEY = f"aurora-cfn/toy/{hashlib.sha256(LARGE.encode()).hexdigest()[:32]}.yaml"


@dataclass
class RunWithBucket(toys.FakeRun):
    """With S3 in memory, which CloudFormation reads from."""

    s3: FakeBuckets = field(default_factory=FakeBuckets)

    def __post_init__(self) -> None:
        toys.FakeRun.__post_init__(self)
        self.cfn.fetch = self.s3.text

    def uploading(self, bucket: UploadBucket = OURS, choices: Choices | None = None) -> Context:
        """An context of a new run."""
        context = self.context(choices)
        return changed(context, uploads=Uploads(self.s3, self.s3, lambda: bucket, context.consent))


@pytest.fixture
def fake() -> RunWithBucket:
    return RunWithBucket(
        s3=FakeBuckets({NAME: FakeBucket(tags=dict(PROTECTED_TAG)), "mine": FakeBucket(region="eu-central-1")})
    )


def large(key: str = "db", template: str = LARGE) -> DesiredStack:
    return toys.stack(key, template)


# The border


@pytest.mark.parametrize("letter", ["x", "ü", "語", "🙂"])
@pytest.mark.parametrize(
    ("bytes_", "through"), [(50 * 1024, False), (51_199, False), (51_200, False), (51_201, True), (52 * 1024, True)]
)
def test_what_counts_is_bytes_of_utf8(fake: RunWithBucket, letter: str, bytes_: int, through: bool) -> None:
    text = padded(bytes_, letter)
    assert len(text.encode()) == bytes_
    assert fake.deploy(large(template=text), fake.uploading(GIVEN)).outcome == "created"
    assert bool(fake.s3.buckets["mine"].objects) is through
    assert fake.cfn.template("db-dev") == text


def test_the_most_is_what_cfn_lint_knows_and_over_it_nothing_is_called(fake: RunWithBucket) -> None:
    assert LIMITS["template"]["body"] == MOST_BYTES
    assert why_large(large(), padded(MOST_BYTES))
    result = fake.deploy(large(template=padded(MOST_BYTES + 1)), fake.uploading(GIVEN))
    assert (result.outcome, result.exit_code) == ("refused", 3)
    assert "templates/toy.yaml: 1,000,001 bytes, and CloudFormation takes 1,000,000 at most" in result.cause
    assert (fake.cfn.names(), fake.s3.calls) == ([], [])


def test_the_key_follows_from_name_and_contents() -> None:
    assert template_key("toy", LARGE) == KEY
    assert template_key("toy", LARGE + "\n") != KEY


def test_where_nothing_can_be_uploaded_it_is_said(fake: RunWithBucket) -> None:
    result = fake.deploy(large())
    assert (result.outcome, result.exit_code) == ("failed", 5)
    assert "the template of db-dev has 60,000 bytes; over 51,200 it goes through a bucket" in result.cause


# A bucket that is there


def test_a_template_is_uploaded_once_to_a_bucket_of_the_right_owner(fake: RunWithBucket) -> None:
    assert fake.deploy(large(), fake.uploading(GIVEN)).outcome == "created"
    assert fake.s3.calls == [*LOOKED, "PutObject"]
    assert f"db: uploaded its template (60,000 bytes) to s3://mine/{KEY}" in fake.listener.lines
    assert fake.deploy(large(), fake.uploading(GIVEN), Size="2").outcome == "updated"
    assert fake.s3.calls == [*LOOKED, "PutObject", *LOOKED]
    assert f"db: its template is there already: s3://mine/{KEY}" in fake.listener.lines
    assert fake.s3.owners == {ACCOUNT}
    assert fake.questions == []


def test_what_lies_under_the_key_and_is_not_the_template_is_refused_and_stays(fake: RunWithBucket) -> None:
    fake.s3.buckets["mine"].objects[KEY] = b"something else"
    result = fake.deploy(large(), fake.uploading(GIVEN))
    assert (result.outcome, result.exit_code) == ("refused", 4)
    assert f"s3://mine/{KEY} holds other bytes than its key says, and nothing is written over" in result.cause
    assert (fake.s3.buckets["mine"].objects[KEY], fake.cfn.names()) == (b"something else", [])


def test_what_another_run_uploads_at_the_same_time_is_there_already(fake: RunWithBucket) -> None:
    class Faster(FakeBuckets):
        def put_object(self, bucket: str, key: str, data: bytes, *, owner: str | None = None) -> bool:
            self.buckets[bucket].objects[key] = bytes(data)
            return super().put_object(bucket, key, bytes(bytearray(data)), owner=owner)

    fake.s3 = Faster(fake.s3.buckets)
    assert fake.deploy(large(), fake.uploading(GIVEN)).outcome == "created"
    assert fake.s3.calls == ["HeadBucket", "HeadObject", "PutObject", "HeadObject"]
    assert f"db: its template is there already: s3://mine/{KEY}" in fake.listener.lines


def test_the_address_is_that_of_the_buckets_region(fake: RunWithBucket) -> None:
    urls: list[str] = []
    fake.cfn.fetch = lambda url: urls.append(url) or LARGE  # type: ignore[func-returns-value]
    fake.deploy(large(), fake.uploading(GIVEN))
    assert urls == [f"https://s3.eu-central-1.amazonaws.com/mine/{KEY}"]


def test_ours_is_used_when_its_tag_says_that_it_is_protected(fake: RunWithBucket) -> None:
    assert fake.deploy(large(), fake.uploading()).outcome == "created"
    assert fake.s3.calls == ["HeadBucket", "GetBucketTagging", "HeadObject", "PutObject"]
    assert fake.questions == []


def test_the_bucket_of_the_params_file_must_be_there(fake: RunWithBucket) -> None:
    result = fake.deploy(large(), fake.uploading(replace(GIVEN, name="nope")))
    assert (result.outcome, result.exit_code) == ("refused", 3)
    assert result.cause.startswith("params/dev.yaml: bucket: there is no bucket nope (make it")
    assert (fake.cfn.names(), fake.s3.calls) == ([], ["HeadBucket"])


@pytest.mark.parametrize("bucket", [OURS, GIVEN])
@pytest.mark.parametrize("dry", [False, True])
def test_a_bucket_of_another_account_is_never_used(fake: RunWithBucket, bucket: UploadBucket, dry: bool) -> None:
    fake.s3.buckets[bucket.name] = FakeBucket(owner="999999999999", tags=dict(PROTECTED_TAG))
    result = fake.deploy(large(), fake.uploading(bucket, Choices(dry_run=dry)))
    assert (result.outcome, result.exit_code) == ("refused", 4)
    assert f"bucket {bucket.name}: no access" in result.cause
    assert fake.s3.calls == ["HeadBucket"]
    assert (fake.cfn.names(), fake.questions) == ([], [])


# A bucket that has to be made


def test_a_bucket_is_made_and_protected_after_consent_and_before_anything_is_in_it(fake: RunWithBucket) -> None:
    del fake.s3.buckets[NAME]
    assert fake.deploy(large(), fake.uploading()).outcome == "created"
    assert fake.s3.calls == ["HeadBucket", "CreateBucket", "Protect", "HeadObject", "PutObject"]
    assert fake.s3.buckets[NAME].tags == {"Project": "x", **PROTECTED_TAG}
    (question,) = fake.questions
    for part in (
        "the template of db-dev has 60,000 bytes; over 51,200 it goes through a bucket, and params/dev.yaml names",
        f"{NAME} would be made, for all",
        "no public access, no ACLs, encryption (SSE-S3), versioning, access by TLS only, and tags",
        f"Make the bucket {NAME}?",
    ):
        assert part in question
    assert fake.listener.lines[0].startswith(f"db: made the bucket {NAME}: no public access")


def test_declined_changes_nothing_and_is_asked_once_for_all_stacks(fake: RunWithBucket) -> None:
    del fake.s3.buckets[NAME]
    fake.answer = False
    context = fake.uploading()
    for key in ("db", "other"):
        result = fake.deploy(large(key), context)
        assert (result.outcome, result.exit_code) == ("declined", 1)
        assert "makes it after asking (--yes agrees), or name another one as `bucket:`" in result.cause
    assert (fake.cfn.names(), fake.s3.calls, len(fake.questions)) == ([], ["HeadBucket"], 1)


def test_who_leaves_while_being_asked_has_not_declined(fake: RunWithBucket) -> None:
    del fake.s3.buckets[NAME]
    fake.answer = False
    fake.stop = True
    result = fake.deploy(large(), fake.uploading())
    assert (result.outcome, result.exit_code, fake.cfn.names()) == ("declined", 0, [])


@pytest.mark.parametrize("operation", ["CreateBucket", "Protect", "HeadObject", "PutObject"])
def test_what_failed_half_way_is_completed_by_the_next_run(fake: RunWithBucket, operation: str) -> None:
    del fake.s3.buckets[NAME]
    fake.s3.trouble[operation] = [AwsError(f"{operation}: no (AccessDenied)", code="AccessDenied")]
    first = fake.deploy(large(), fake.uploading())
    assert (first.outcome, first.exit_code) == ("refused", 4)
    assert (fake.cfn.names(), "PutObject" in fake.s3.calls) == ([], operation == "PutObject")
    assert fake.deploy(large(), fake.uploading()).outcome == "created"
    bucket = fake.s3.buckets[NAME]
    assert (bucket.protected, bucket.tags, list(bucket.objects)) == (1, {"Project": "x", **PROTECTED_TAG}, [KEY])
    # What was complete is not asked for again.
    assert len(fake.questions) == (2 if operation in {"CreateBucket", "Protect"} else 1)


def test_a_bucket_of_ours_without_the_tag_is_protected_first_and_keeps_its_tags(fake: RunWithBucket) -> None:
    fake.s3.buckets[NAME] = FakeBucket(tags={"Team": "data", "Project": "theirs"})
    assert fake.deploy(large(), fake.uploading()).outcome == "created"
    assert fake.s3.calls == ["HeadBucket", "GetBucketTagging", "Protect", "HeadObject", "PutObject"]
    assert fake.s3.buckets[NAME].tags == {"Team": "data", "Project": "theirs", **PROTECTED_TAG}
    assert f"{NAME} is there, but not completely protected; it is for all" in fake.questions[0]
    assert f"Protect the bucket {NAME}?" in fake.questions[0]


def test_stacks_side_by_side_ask_once_and_make_it_once(fake: RunWithBucket) -> None:
    del fake.s3.buckets[NAME]
    context = fake.uploading()
    threads = [Thread(target=fake.deploy, args=(large(f"db{number}"), context)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [result.outcome for result in fake.listener.results] == ["created"] * 8
    assert (len(fake.questions), fake.s3.calls.count("CreateBucket"), fake.s3.buckets[NAME].protected) == (1, 1, 1)


# Every way of submitting a template


def test_a_dry_run_makes_nothing_and_says_what_is_missing(fake: RunWithBucket) -> None:
    fake.s3.buckets[NAME].tags.clear()
    del fake.s3.buckets["mine"]
    result = fake.deploy(large(), fake.uploading(choices=Choices(dry_run=True)))
    assert (result.outcome, result.exit_code) == ("deferred", 0)
    assert "db-dev would be created from a template of 2 resources:" in fake.listener.lines[0]
    warning = fake.listener.lines[1]
    assert "no change set was made: the template of db-dev has 60,000 bytes" in warning
    assert f"there is no protected {NAME} yet" in warning
    assert warning.endswith("a dry run makes no bucket")
    assert (fake.s3.calls, fake.questions, fake.cfn.names()) == (["HeadBucket", "GetBucketTagging"], [], [])


def test_a_dry_run_uses_a_bucket_that_is_there(fake: RunWithBucket) -> None:
    result = fake.deploy(large(), fake.uploading(GIVEN, Choices(dry_run=True)))
    assert (result.outcome, len(fake.plans)) == ("previewed", 1)
    assert list(fake.s3.buckets["mine"].objects) == [KEY]


def test_a_dry_run_of_a_small_template_looks_at_no_bucket(fake: RunWithBucket) -> None:
    assert fake.deploy(toys.stack(), fake.uploading(choices=Choices(dry_run=True))).outcome == "previewed"
    assert fake.s3.calls == []


def test_a_plan_has_the_hash_of_the_template(fake: RunWithBucket) -> None:
    from aurora_cfn.deploy.plan.file import planned_stack, sha256

    kept: list[StackPlan] = []
    assert plan_stack(fake.uploading(GIVEN), large(), lambda _: {}, fake.approve, kept.append).outcome == "planned"
    assert planned_stack(kept[0], None).template_sha256 == sha256(LARGE)
    assert list(fake.s3.buckets["mine"].objects) == [KEY]


def test_a_preview_uses_what_is_there_and_makes_nothing(fake: RunWithBucket) -> None:
    fake.deploy(large(), fake.uploading(GIVEN))
    before = fake.cfn.stack("db-dev")
    moved = large(template=LARGE.replace('"1"', '"2"'))
    context = changed(fake.uploading(GIVEN), listener=WarningsOnly())
    assert previewed(context, moved, {"Size": "3"}, before) is not None
    del fake.s3.buckets[NAME]
    fake.answer = False
    with pytest.raises(DeclinedError, match="or name another one as `bucket:`"):
        previewed(fake.uploading(), moved, {"Size": "3"}, before)
    assert NAME not in fake.s3.buckets


def test_an_import_goes_the_same_way(fake: RunWithBucket) -> None:
    from aurora_cfn.deploy.import_resources import adopted
    from tests.deploy.test_import_resources import WANTED

    actuals = FakeActuals({("AWS::SSM::Parameter", "/db/address"): {"Name": "/db/address", "Value": "v" * 60_000}})
    about = subject(None, WANTED)
    one = planned(about, adopted(about, ["Address=/db/address"], actuals))
    result = take_in(fake.uploading(GIVEN), toys.stack(template=WANTED), one, fake.approve)
    assert (result.outcome, fake.cfn.template("db-dev")) == ("created", one.template)
    assert len(fake.s3.buckets["mine"].objects) == 1


def test_what_failed_is_made_again_with_its_large_template(fake: RunWithBucket) -> None:
    fake.cfn.fail = {"Writer": "no capacity"}
    assert fake.deploy(large(), fake.uploading(GIVEN)).outcome == "failed"
    fake.cfn.fail = {}
    assert fake.deploy(large(), fake.uploading(GIVEN)).outcome == "created"
    assert fake.s3.calls.count("PutObject") == 1
    assert fake.cfn.template("db-dev") == LARGE


def test_a_refused_change_set_leaves_only_the_template(fake: RunWithBucket) -> None:
    fake.cfn.trouble["CreateChangeSet"] = [AwsError("CreateChangeSet: S3 error: Access Denied", code="ValidationError")]
    result = fake.deploy(large(), fake.uploading(GIVEN))
    assert (result.outcome, "Access Denied" in result.cause, fake.cfn.names()) == ("refused", True, [])


@pytest.mark.parametrize(
    ("error", "outcome"),
    [(DeclinedError("x"), "declined"), (BusyError("x"), "detached"), (InputError("x"), "refused")],
)
def test_an_error_is_the_outcome_of_the_stack(fake: RunWithBucket, error: Exception, outcome: str) -> None:
    def refuse(_: DesiredStack) -> dict[str, str]:
        raise error

    assert deploy(fake.uploading(), toys.stack(), refuse, fake.approve).outcome == outcome
