"""The engine: explicit rules and regions, the environment's values, and no say for stray configuration."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from cfnlint.helpers import LIMITS
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cfn.errors import InputError
from aurora_cfn.lint.engine import depends_on_files, holds_secret, lint, turning_points
from aurora_cfn.lint.subject import Subject
from aurora_cfn.model.finding import Finding

TODAY = date(2026, 11, 21)
WRONG = """\
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      Nonsense: 1
"""
GUARDED = """\
Parameters:
  Access: {Type: String, Default: one}
Resources:
  Address:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: worker
      AuthType: !Ref Access
"""


def linted(text: str, **given: str | None) -> tuple[Finding, ...]:
    (found,) = lint([Subject("t.yaml", text, given)], today=TODAY)
    return found


def rules_of(text: str, **given: str | None) -> list[str]:
    return [finding.rule for finding in linted(text, **given)]


def linted_or_refused(text: str) -> tuple[Finding, ...]:
    """The findings; a refusal in one clear message counts as one."""
    try:
        return linted(text)
    except InputError as error:
        return tuple(Finding("refused", "error", str(row), row.path, row.line or 1) for row in error.complaints)


def test_a_finding_says_where_and_what() -> None:
    (finding,) = linted(WRONG)
    assert finding == Finding(
        rule="E3002",
        severity="error",
        message="Additional properties are not allowed ('Nonsense' was unexpected)",
        path="t.yaml",
        line=5,
        column=7,
        key="Resources/Topic/Properties/Nonsense",
        source=finding.source,
    )
    assert finding.source.startswith("https://")


def test_results_stand_in_the_order_of_the_subjects() -> None:
    first, second = lint([Subject("a.yaml", WRONG), Subject("b.yaml", WRONG)], today=TODAY)
    assert [row.path for row in (*first, *second)] == ["a.yaml", "b.yaml"]


def test_the_environments_values_replace_defaults() -> None:
    assert rules_of(GUARDED) == ["W1030"]
    assert rules_of(GUARDED, Access="NONE") == []


def test_a_value_that_comes_later_is_left_alone() -> None:
    assert rules_of(GUARDED, Access=None) == []


def test_a_list_parameter_takes_its_comma_separated_text() -> None:
    text = """\
Parameters:
  Zones: {Type: CommaDelimitedList}
Resources:
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: !Join ["-", !Ref Zones]
"""
    assert rules_of(text, Zones="a,b") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just text",
        "- a\n- list\n",
        "Resources: [unclosed",
        "Resources:\n\tTopic: {}\n",
        "Resources: {}\nResources: {}\n",
        "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Metadata: text\n    Metadata: more\n",
    ],
)
def test_what_is_not_a_template_is_one_clear_error(text: str) -> None:
    with pytest.raises(InputError, match=r"t\.yaml"):
        linted(text)


@pytest.mark.parametrize(
    "text",
    [
        "Resources:\n  T:\n    Type: AWS::SNS::Topic\n    Metadata: text\n",
        "Resources:\n  T: text\n",
        "Resources: text\n",
        "Parameters: text\nResources:\n  T:\n    Type: AWS::SNS::Topic\n",
        "Metadata: text\nResources:\n  T:\n    Type: AWS::SNS::Topic\n",
        "Metadata: {cfn-lint: text}\nResources:\n  T:\n    Type: AWS::SNS::Topic\n",
        "Conditions: [a]\nResources:\n  T:\n    Type: AWS::SNS::Topic\n    Condition: a\n",
        "Rules: text\nResources:\n  T:\n    Type: AWS::RDS::DBCluster\n    Properties: text\n",
    ],
)
def test_an_odd_shape_is_a_finding_or_an_error_and_never_a_traceback(text: str) -> None:
    assert any(row.severity == "error" for row in linted_or_refused(text))


KEYS = [
    "Resources", "Parameters", "Conditions", "Metadata", "Properties", "Type", "Ref", "Fn::If", "Fn::Equals", "Rules",
    "Engine", "EngineMode", "ServerlessV2ScalingConfiguration", "MinCapacity", "aurora-cfn", "suppress", "Default",
]  # fmt: skip
SHAPES = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 300) | st.sampled_from(["", "x", "AWS::RDS::DBCluster", "!Ref A"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=25, deadline=None)
@given(st.dictionaries(st.sampled_from(KEYS), SHAPES, max_size=5), SHAPES)
def test_random_shapes_never_end_in_a_traceback_nor_in_a_crash_of_ours(
    template: dict[str, object], properties: object
) -> None:
    template["Resources"] = {"DB": {"Type": "AWS::RDS::DBCluster", "Properties": properties}}
    crashed = [row.message for row in linted_or_refused(json.dumps(template)) if row.rule == "E0002"]
    assert not [message for message in crashed if re.search(r"rule [EWI]9", message)]


def test_a_region_that_cfn_lint_does_not_know_is_linted_all_the_same() -> None:
    ((finding,),) = lint([Subject("t.yaml", WRONG, region="mars-north-1")], today=TODAY)
    assert finding.rule == "E3002"


def test_a_secret_among_the_values_is_known() -> None:
    text = "Parameters:\n  Word: {Type: String, NoEcho: true}\n  Size: {Type: String}\nResources: {}\n"
    assert holds_secret(Subject("t.yaml", text, {"Word": "hunter2"}))
    assert not holds_secret(Subject("t.yaml", text, {"Word": None, "Size": "3"}))


def test_a_secret_value_is_never_quoted() -> None:
    text = GUARDED.replace("Type: String,", "Type: String, NoEcho: true,")
    assert not [row for row in linted(text, Access="hunter2") if "hunter2" in row.message]


def test_the_day_after_a_suppressions_last_is_a_turning_point() -> None:
    text = "Metadata:\n  aurora-cfn:\n    suppress: [{id: W1, reason: x, until: '2026-12-31'}]\nResources: {}\n"
    assert date(2027, 1, 1) in turning_points(Subject("t.yaml", text))


STRAY = ("ignore_checks: [E, W]\n", "regions: [nowhere-1]\n", "no: such key\n", "[broken")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("Parameters:\n", ["E2001"]),
        ("Mappings: []\n", ["E7001"]),
        ("Conditions: x\n", ["E1001", "E8001"]),
    ],
)
def test_an_empty_section_is_named_and_no_exception_of_cfn_lint(text: str, rules: list[str]) -> None:
    subject = Subject("x", f"{text}Resources:\n  A: {{Type: AWS::SNS::Topic}}\n")
    ((*found,),) = lint([subject], today=date(2026, 11, 29))
    assert [row.rule for row in found] == rules


def test_an_empty_section_that_stops_cfn_lint_is_named() -> None:
    with pytest.raises(InputError, match="x:3: Metadata: Metadata must be a mapping"):
        lint([Subject("x", "Resources:\n  A: {Type: AWS::SNS::Topic}\nMetadata:\n")], today=date(2026, 11, 29))


@pytest.mark.parametrize("content", STRAY)
def test_a_stray_cfnlintrc_has_no_say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    left(tmp_path, content, content)
    monkeypatch.chdir(tmp_path / "working")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AWS_REGION", "nowhere-1")
    assert [row.rule for row in linted(WRONG) if row.severity == "error"] == ["E3002"]


def left(folder: Path, home: str, working: str) -> None:
    for name, content in (("home", home), ("working", working)):
        (folder / name).mkdir()
        (folder / name / ".cfnlintrc").write_text(content)


@pytest.mark.slow
def test_the_command_does_not_read_it_either(tmp_path: Path) -> None:
    left(tmp_path, *STRAY[-2:])
    (tmp_path / "t.yaml").write_text(WRONG)
    environ = os.environ | {"HOME": str(tmp_path / "home"), "AURORA_CFN_CACHE": str(tmp_path / "cache")}
    environ |= {"PYTHONPATH": str(Path(__file__).parents[2]), "AWS_REGION": "nowhere-1"}
    ran = subprocess.run(
        [sys.executable, "-m", "aurora_cfn", "lint", str(tmp_path / "t.yaml")],
        cwd=tmp_path / "working", env=environ, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 1
    assert "E3002" in ran.stdout
    assert ran.stderr == "1 error in 1 template\n"


@pytest.mark.parametrize(("letter", "more", "said"), [("x", 0, False), ("x", 1, True), ("ü", 0, False), ("ü", 1, True)])
def test_a_template_over_the_limit_is_an_error_in_bytes_of_its_text(letter: str, more: int, said: bool) -> None:
    body = "Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {KmsMasterKeyId: alias/aws/sns}}}\n"
    letters, rest = divmod(LIMITS["template"]["body"] - len(f"# \n{body}") + more, len(letter.encode()))
    found = [row for row in linted(f"# {letter * letters}{'x' * rest}\n{body}") if row.rule == "E1002"]
    assert [(row.severity, row.message) for row in found] == [
        ("error", "the template has 1,000,001 bytes, and CloudFormation takes 1,000,000 at most")
    ] * said


CLUSTER = {
    "Type": "AWS::RDS::DBCluster",
    "Properties": {"Engine": "aurora-postgresql", "EngineVersion": "17.7", "SnapshotIdentifier": "kept"},
}


@pytest.mark.parametrize(
    ("properties", "rule", "found"),
    [
        ({"EngineVersion": "17.12"}, "E3690", False),
        ({"EngineVersion": "17.29"}, "E3690", True),
        ({"EngineVersion": "{{resolve:ssm:/database/version}}"}, "E3690", False),
        ({"StorageType": "{{resolve:ssm:/database/storage}}"}, "E3693", False),
        ({"StorageType": "gp3"}, "E3693", True),
        ({"EngineVersion": "16"}, "W3690", False),
        ({"EngineVersion": "15.2"}, "W3690", True),
        ({"MasterUserPassword": "{{resolve:secretsmanager:x}}"}, "E3021", False),
        ({"MasterUserPassword": "{{resolve:secretsmanager:x}}", "SnapshotIdentifier": None}, "E3021", True),
    ],
)
def test_what_cfn_lint_is_wrong_about_is_left_out(properties: dict[str, str | None], rule: str, found: bool) -> None:
    merged = {name: row for name, row in (CLUSTER["Properties"] | properties).items() if row is not None}  # type: ignore[operator]
    text = json.dumps({"Resources": {"Cluster": CLUSTER | {"Properties": merged}}})
    assert (rule in rules_of(text)) is found


PARENT = """\
Resources:
  Data:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: ./child.yaml
      Parameters: {Sise: '2'}
"""


def test_the_parameters_of_a_nested_file_are_compared(tmp_path: Path) -> None:
    (tmp_path / "child.yaml").write_text("Parameters: {Size: {Type: Number}}\nResources: {}\n")
    (tmp_path / "parent.yaml").write_text(PARENT)
    subject = Subject(str(tmp_path / "parent.yaml"), PARENT)
    ((*found,),) = lint([subject], today=TODAY)
    assert [(row.line, row.severity) for row in found if row.rule == "E3043"] == [(6, "error"), (6, "error")]
    assert depends_on_files(subject)
    assert not depends_on_files(Subject("t.yaml", PARENT.replace("./child.yaml", "https://x.example/child.yaml")))


def test_the_templates_own_settings_of_rules_count() -> None:
    big = {"Resources": {"Q": {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": "5"}}}}
    strict = {"Metadata": {"cfn-lint": {"config": {"configure_rules": {"E3012": {"strict": True}}}}}}
    assert "E3012" not in rules_of(json.dumps(big))
    assert "E3012" in rules_of(json.dumps(big | strict))


def test_the_region_of_the_environment_counts_though_it_is_the_default_one() -> None:
    witness = {"DeletionProtectionEnabled": True, "MultiRegionProperties": {"WitnessRegion": "us-east-1"}}
    text = json.dumps({"Resources": {"Store": {"Type": "AWS::DSQL::Cluster", "Properties": witness}}})
    ((*here,), (*anywhere,)) = lint([Subject("t", text, region="us-east-1"), Subject("t", text)], today=TODAY)
    assert "E9046" in {row.rule for row in here}
    assert "E9046" not in {row.rule for row in anywhere}


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("Metadata: {x: &x a, y: *x}\nResources: {}\n", [1]),
        ("Metadata:\n  x: &x {K: a}\n  y:\n    <<: *x\nTransform: AWS::Serverless-2016-10-31\nResources: {}\n", [4]),
        ("Metadata: {x: &x a}\nResources: {}\n", []),
    ],
    ids=["an alias", "a merge key, with SAM", "an anchor alone"],
)
def test_aliases_are_errors_at_their_lines(body: str, lines: list[int]) -> None:
    ((*found,),) = lint([Subject("t.yaml", body)], today=TODAY)
    about = [row for row in found if row.rule in {"E9077", "W1100", "W1101"}]
    assert [(row.rule, row.severity, row.line) for row in about] == [("E9077", "error", line) for line in lines]
    assert all("aurora-cfn render --resolve" in row.message for row in about)


LOOP = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Clusters:
    - Name
    - [Orders, Users]
    - ${Name}Cluster:
        Type: AWS::RDS::DBCluster
        Properties: {Engine: aurora-postgresql, EngineVersion: "17.7"}
"""
AGAIN = """\
  Other:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, EngineVersion: "17.7"}
"""


@pytest.mark.parametrize(("more", "found"), [("", False), (AGAIN, True)], ids=["loop", "beside-the-loop"])
def test_a_version_in_a_loop_is_written_once(more: str, found: bool) -> None:
    assert ("I9038" in rules_of(LOOP + more)) is found
