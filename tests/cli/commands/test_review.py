"""`aurora-cfn review` as a whole command, in git repositories of its own."""

from __future__ import annotations

import contextlib
import json
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from aurora_cfn.cli import root
from aurora_cfn.facts.offered import EngineOffer, FamilyParameters, offered_text

TEMPLATE = """\
Parameters:
  Name: {Type: String, Default: app}
  Retention: {Type: Number, Default: 14, MinValue: 1, MaxValue: 35}
Resources:
  DBCluster:
    Type: AWS::RDS::DBCluster
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: aurora-postgresql
      DatabaseName: !Ref Name
      BackupRetentionPeriod: !Ref Retention
Outputs:
  Host: {Value: !GetAtt DBCluster.Endpoint.Address, Export: {Name: !Sub "${AWS::StackName}-Host"}}
"""
CONSUMER = """\
Parameters: {Database: {Type: String}}
Resources:
  Note:
    Type: AWS::SSM::Parameter
    Properties: {Type: String, Value: !ImportValue {"Fn::Sub": "${Database}-Host"}}
"""
PARAMS = """\
region: eu-west-1
stacks:
  db:
    template: db
    parameters: {Name: shop}
  note:
    template: note
    parameters: {Database: {stack: db}}
"""
DATABASE, NOTE, DEV = "templates/db.yaml", "templates/note.yaml", "params/dev.yaml"


def git(*arguments: str) -> str:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *identity, *arguments], check=True, capture_output=True, text=True).stdout


def commit() -> None:
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", "a commit")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    for name, text in ((DATABASE, TEMPLATE), (NOTE, CONSUMER), (DEV, PARAMS)):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_text(text)
    commit()
    git("checkout", "-q", "-b", "feature")
    return tmp_path


def edit(name: str, old: str, new: str) -> None:
    text = Path(name).read_text()
    assert old in text
    Path(name).write_text(text.replace(old, new))


def replace_the_cluster() -> None:
    """In every stack of the template, whatever its values."""
    edit(DATABASE, "Engine: aurora-postgresql", "Engine: aurora-postgresql\n      KmsKeyId: alias/own")


TRIED = ("--try-anyway", "Host")
"""The export of the endpoint, which the note imports, changes with the cluster: CloudFormation refuses that."""


def run(*arguments: str) -> Result:
    return CliRunner().invoke(root, ["review", *arguments])


def test_nothing_changed(project: Path) -> None:
    ran = run()
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.endswith("-> worktree: no changes\n")
    assert run("--exit-code", "--env", "dev").exit_code == 0


def test_formatting_is_no_change(project: Path) -> None:
    edit(DATABASE, "Engine: aurora-postgresql", 'Engine: "aurora-postgresql"  # said again')
    assert "no changes" in run("--exit-code").stdout


@pytest.mark.parametrize("options", [(), ("--base", "main"), ("--base", "HEAD", "--head", "worktree")])
def test_a_replaced_cluster_is_refused_with_6(project: Path, options: tuple[str, ...]) -> None:
    replace_the_cluster()
    ran = run(*options)
    assert ran.exit_code == 6
    assert ran.stderr == ""
    assert "Properties.KmsKeyId: - -> alias/own" in ran.stdout
    assert f"{DATABASE}:5" in ran.stdout
    assert "refused: 2" in ran.stdout


def test_committed_changes_count_against_where_the_branch_left_main(project: Path) -> None:
    replace_the_cluster()
    commit()
    git("checkout", "-q", "main")
    edit(NOTE, "Type: String,", "Type: StringList,")
    commit()
    git("checkout", "-q", "feature")
    for options in ((), ("--head", "HEAD"), ("--head", "feature")):
        ran = run(*options)
        assert ran.exit_code == 6
        assert "Note" not in ran.stdout


def test_naming_the_resource_lets_it_pass_and_a_wrong_name_is_shown(project: Path) -> None:
    replace_the_cluster()
    assert run("--allow-replace", "DBCluster").exit_code == 11
    assert run("--allow-replace", "DBCluster", *TRIED).exit_code == 0
    assert run("--allow-replace", "DBCluster", *TRIED, "--exit-code").exit_code == 8
    wrong = run("--allow-replace", "DbCluster")
    assert wrong.exit_code == 6
    assert "--allow-replace DbCluster: nothing of that name needs it" in wrong.stdout


def test_an_allowance_can_name_the_stack_too(project: Path) -> None:
    edit(DATABASE, "Default: app", "Default: other")
    edit(DEV, "Name: shop", "Name: store")
    assert run("--allow-replace", "db.DBCluster", *TRIED).exit_code == 0
    assert run("--allow-replace", "note.DBCluster").exit_code == 6
    for name in ("db.DBCluster", "db-dev.DBCluster", "DBCluster"):
        assert run("--env", "dev", "--allow-replace", name, *TRIED).exit_code == 0
    other = run("--env", "dev", "--allow-replace", "note-dev.DBCluster")
    assert other.exit_code == 6
    assert "--allow-replace note-dev.DBCluster: nothing of that name needs it" in other.stdout


def test_a_changed_params_file_is_reviewed_without_being_asked_for(project: Path) -> None:
    edit(DEV, "Name: shop", "Name: store")
    Path("params/notes.txt").write_text("not an environment")
    ran = run()
    assert ran.exit_code == 6
    assert "db-dev (templates/db.yaml), by git:" in ran.stdout
    assert "parameter Name: shop to store" in ran.stdout
    edit(DEV, "Name: store", "Name: shop")
    assert "no changes" in run().stdout


def test_every_stack_of_a_template_has_to_allow_its_replacement(project: Path) -> None:
    line = "    allow_replace: [{resource: DBCluster, until: '2099-12-31', reason: our own key}]\n  note:"
    Path("params/production.yaml").write_text(PARAMS)
    commit()
    replace_the_cluster()
    assert run("--base", "HEAD").exit_code == 6
    edit(DEV, "  note:", line)
    assert run("--base", "HEAD").exit_code == 6
    edit("params/production.yaml", "  note:", line)
    ran = run("--base", "HEAD", *TRIED)
    assert ran.exit_code == 0
    assert "KmsKeyId" in ran.stdout


def test_two_databases_of_one_name_are_refused_with_the_line_to_write(project: Path) -> None:
    edit(DATABASE, "      Engine:", '      DBClusterIdentifier: !Sub "${Name}-main"\n      Engine:')
    edit(DEV, "  note:", "  copy: {template: db, parameters: {Name: shop}}\n  note:")
    result = run("--env", "dev")
    assert result.exit_code == 3
    assert "params/dev.yaml:6: stacks.copy: its database cluster would have the name shop-main" in result.stderr
    assert "`Name: dev-copy`" in result.stderr


def test_what_only_cloudformation_can_see_is_said(project: Path) -> None:
    edit(DATABASE, "Parameters:\n", "Transform: AWS::Serverless-2016-10-31\nParameters:\n")
    edit(DATABASE, "Resources:\n", "Resources:\n  Inner: {Type: 'AWS::CloudFormation::Stack', Properties: {}}\n")
    ran = run()
    assert "not seen offline: what the transform AWS::Serverless-2016-10-31 makes" in ran.stdout
    assert "not seen offline: what is inside of the nested stack Inner" in ran.stdout


def test_a_stack_under_another_name_or_region_is_another_stack(project: Path) -> None:
    edit(DEV, "region: eu-west-1", "region: eu-west-2")
    edit(DEV, "    template: db\n", "    template: db\n    name: orders\n")
    ran = run("--env", "dev")
    assert ran.exit_code == 0
    assert "name: db-dev -> orders" in ran.stdout
    assert "region: eu-west-1 -> eu-west-2" in ran.stdout
    assert "another name makes another, empty stack; db-dev stays as it is" in ran.stdout
    assert "+ DBCluster (AWS::RDS::DBCluster)" in ran.stdout


def test_a_changed_value_points_at_the_params_file(project: Path) -> None:
    edit(DEV, "Name: shop", "Name: store")
    found = json.loads(run("--env", "dev", "--format", "json").stdout)["changes"]
    (change,) = [change for change in found if change["section"] == "Parameters"]
    assert (change["path"], change["line"]) == (DEV, 5)


def test_harmless_differences_end_with_0_or_with_8_when_asked(project: Path) -> None:
    edit(DATABASE, "Default: 14", "Default: 21")
    assert run().exit_code == 0
    assert run("--exit-code").exit_code == 8


def test_an_environment_brings_its_values_from_both_sides(project: Path) -> None:
    edit(DATABASE, "Default: app", "Default: other")
    assert run("--env", "dev").exit_code == 0
    edit(DEV, "Name: shop", "Name: store")
    ran = run("--env", "dev")
    assert ran.exit_code == 6
    assert "db-dev (templates/db.yaml), by git:" in ran.stdout
    assert "parameter Name: shop to store" in ran.stdout


def test_a_dated_line_allows_one_resource_until_its_day(project: Path) -> None:
    edit(DEV, "Name: shop", "Name: store")
    line = "    allow_replace: [{{resource: DBCluster, until: '{}', reason: moving the shop to the store}}]\n  note:"
    text = Path(DEV).read_text()
    Path(DEV).write_text(text.replace("  note:", line.format("2099-12-31")))
    ran = run("--env", "dev", *TRIED)
    assert (ran.exit_code, ran.stderr) == (0, "")
    Path(DEV).write_text(text.replace("  note:", line.format("2020-01-01")))
    ran = run("--env", "dev")
    assert ran.exit_code == 6
    assert "ended on 2020-01-01" in ran.stdout


def test_an_export_that_another_template_imports_is_shown_to_fail(project: Path) -> None:
    edit(DATABASE, "-Host", "-Address")
    for options in ((), ("--env", "dev")):
        ran = run(*options)
        assert "the export is renamed while" in ran.stdout
        assert "the update fails" in ran.stdout
        assert ran.exit_code == 11
    assert "while note-dev imports it" in ran.stdout


def test_new_and_removed_templates_and_stacks(project: Path) -> None:
    Path("templates/more.yaml").write_text("Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\n")
    Path(NOTE).unlink()
    edit(DEV, PARAMS[PARAMS.index("  note:") :], "  more: {template: more}\n")
    plain = run()
    assert plain.exit_code == 0
    assert "+ Topic (AWS::SNS::Topic)" in plain.stdout
    assert "the template goes; stacks made from it stay" in plain.stdout
    named = run("--env", "dev")
    assert "note is no longer in params/dev.yaml; the stack still runs" in named.stdout
    assert "more-dev (templates/more.yaml)" in named.stdout


def test_every_format_is_written_to_stdout_alone(project: Path) -> None:
    replace_the_cluster()
    starts = {
        "markdown": "<!-- aurora-cfn review -->",
        "json": "{",
        "sarif": "{",
        "junit": "<?xml",
        "github": "::error",
    }
    for form, start in starts.items():
        ran = run("--format", form)
        assert ran.exit_code == 6
        assert ran.stderr == ""
        assert ran.stdout.startswith(start)
    assert json.loads(run("--format", "json").stdout)["stacks"][0]["name"] == "db-dev"


def test_the_schema_is_printed_without_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert json.loads(run("--schema").stdout)["title"] == "aurora-cfn review"


def test_a_side_without_secrets_in_any_format(project: Path) -> None:
    secret = "      MasterUserPassword: {}\nOutputs:"
    edit(DATABASE, "Outputs:", secret.format("canary-one"))
    commit()
    edit(DATABASE, "canary-one", "canary-two")
    for form in ("text", "markdown", "json", "sarif", "junit", "github"):
        ran = run("--base", "HEAD", "--format", form)
        assert "canary" not in ran.stdout + ran.stderr


def test_a_base_whose_params_have_faults_is_a_note_and_a_head_is_an_error(project: Path) -> None:
    good = Path(DEV).read_text()
    Path(DEV).write_text(good.replace("Name: shop", "Nmae: shop"))
    commit()
    ran = run("--env", "dev")
    assert ran.exit_code == 3
    assert "Nmae" in ran.stderr
    Path(DEV).write_text(good)
    ran = run("--base", "HEAD", "--env", "dev")
    assert "has faults, so its values are compared only as far as they are clear" in ran.stdout


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--base", "nowhere"), "git does not know the revision 'nowhere'"),
        (("--base", "--output=x"), "git does not know the revision '--output=x'"),
        (("--head", "main:templates"), "git does not know the revision"),
        (("--env", "nope"), "there is no such environment on either side"),
        (("--env", "../dev"), "is a path, not the name of an environment"),
    ],
)
def test_wrong_input_is_one_message_and_3(project: Path, options: tuple[str, ...], says: str) -> None:
    ran = run(*options)
    assert ran.exit_code == 3
    assert ran.stdout == ""
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("text", ["Resources: [", "Resources: 1", "\tResources:", "Resources: {A: {Type: 1}}"])
def test_a_broken_template_is_shown_with_its_line(project: Path, text: str) -> None:
    Path(DATABASE).write_text(text)
    ran = run()
    assert ran.exit_code == 3
    assert f"{DATABASE}:" in ran.stderr


def test_outside_a_repository_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    ran = run()
    assert ran.exit_code == 3
    assert ran.stderr.startswith("error: git: not a git repository")
    assert ran.stderr.endswith("(work in the folder of one, or: git init, and commit)\n")


def test_a_project_below_the_top_of_the_repository(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("infra").mkdir()
    for name in ("templates", "params"):
        git("mv", name, f"infra/{name}")
    commit()
    monkeypatch.chdir("infra")
    replace_the_cluster()
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert "1 replace" in ran.stdout


def test_other_files_are_left_alone(project: Path) -> None:
    Path("templates/README.md").write_text("Resources:")
    Path("templates/values.json").write_text("[1]")
    assert run("--exit-code").exit_code == 0


LOCAL = f"endpoint: local\n{PARAMS}"


def test_a_changed_template_is_reviewed_with_the_values_of_its_environments_too(project: Path) -> None:
    Path("params/local.yaml").write_text(LOCAL)
    commit()
    replace_the_cluster()
    ran = run("--base", "HEAD")
    assert "db-dev (templates/db.yaml), by git:" in ran.stdout
    assert "local" not in ran.stdout
    assert "refused: 2" in ran.stdout


def test_a_renamed_parameter_that_the_params_file_does_not_follow_is_an_error(project: Path) -> None:
    edit(DATABASE, "  Name: {", "  Title: {")
    edit(DATABASE, "!Ref Name", "!Ref Title")
    ran = run()
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert f"{DEV}:5: stacks.db.parameters.Name: unknown key" in ran.stderr
    edit(DEV, "Name: shop", "Title: shop")
    assert run().exit_code == 0


@pytest.mark.parametrize(
    ("before", "after", "says", "alert"),
    [
        ("true", "false", "termination protection is switched off: one call deletes the stack", True),
        ("false", "true", "termination protection is switched on", False),
    ],
)
def test_termination_protection_is_read_from_the_params_file(
    project: Path, before: str, after: str, says: str, alert: bool
) -> None:
    Path(DEV).write_text(f"protect: {before}\n{PARAMS}")
    commit()
    edit(DEV, f"protect: {before}", f"protect: {after}")
    changed = json.loads(run("--base", "HEAD", "--format", "json").stdout)["changes"]
    assert [change["logical_id"] for change in changed] == ["TerminationProtection"] * 2
    assert {change["path"] for change in changed} == {DEV}
    (effect,) = changed[0]["effects"]
    assert (effect["sentence"], effect["alert"]) == (says, alert)


def test_the_faults_of_a_base_are_said_once(project: Path) -> None:
    edit(DEV, "Database:", "Databse:")
    commit()
    edit(DEV, "Databse:", "Database:")
    assert run("--base", "HEAD").stdout.count("has faults, so its values are compared only") == 1


def test_before_the_first_commit_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    ran = run()
    assert (ran.exit_code, ran.stderr) == (
        3, "error: the repository has no commit yet, so there is nothing to compare with: commit first\n",
    )  # fmt: skip


def test_without_a_main_branch_it_says_what_it_leaves_out(project: Path) -> None:
    git("branch", "-D", "main")
    replace_the_cluster()
    ran = run()
    assert ran.exit_code == 6
    assert ran.stderr == "no main branch is known here, so only what is not committed is reviewed: give --base\n"
    commit()
    assert "no changes" in run().stdout
    assert run("--base", "HEAD~1").stderr == ""


@pytest.mark.parametrize(("base", "undone"), [("main", False), ("origin/main", False), ("tip", True)])
@pytest.mark.parametrize("options", [(), ("--head", "feature")])
def test_of_a_branch_that_went_on_nothing_is_shown_as_undone(
    project: Path, base: str, undone: bool, options: tuple[str, ...]
) -> None:
    left = git("rev-parse", "HEAD").strip()
    edit(DATABASE, "Default: app", "Default: app, Description: name")
    commit()
    git("checkout", "-q", "main")
    edit(DEV, "Name: shop", "Name: shop, Retention: 30")
    commit()
    git("tag", "tip")
    git("update-ref", "refs/remotes/origin/main", "main")
    git("checkout", "-q", "feature")
    ran = run("--base", base, *options)
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert ran.stdout.startswith(f"{base if undone else left[:12]} -> ")
    assert "Parameters.Name" in ran.stdout or "parameter Name" in ran.stdout
    assert ("30 -> 14" in ran.stdout) == undone


def test_a_merge_commit_fetched_alone_is_compared_with_its_parent(project: Path) -> None:
    edit(DEV, "Name: shop", "Name: shop, Retention: 30")
    commit()
    git("checkout", "-q", "-b", "pull", "main")
    git("merge", "-q", "--no-ff", "-m", "merge", "feature")
    git("clone", "-q", "--depth", "1", "--branch", "pull", f"file://{project}", "ci")
    with contextlib.chdir("ci"):
        git("fetch", "-q", "--depth", "1", "origin", "main:refs/remotes/origin/main")
        ran = run("--base", "origin/main")
        git("commit", "-q", "--allow-empty", "-m", "one more")
        lone = run("--base", "origin/main")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "14 -> 30" in ran.stdout
    assert (lone.exit_code, lone.stdout) == (3, "")
    assert lone.stderr == (
        "error: HEAD and origin/main have no common commit here (fetch the whole history; GitHub: fetch-depth: 0 of"
        " actions/checkout, GitLab: GIT_DEPTH: 0)\n"
    )


def test_in_a_pipeline_without_the_base_it_is_an_error(project: Path) -> None:
    git("checkout", "-q", "--detach")
    git("branch", "-D", "main", "feature")
    ran = run()
    assert (ran.exit_code, ran.stdout) == (3, "")
    assert ran.stderr == (
        "error: no main branch is known here to compare the checked-out commit with (fetch that branch, and give"
        " --base, such as --base origin/main)\n"
    )
    assert run("--base", "HEAD").exit_code == 0


def test_what_happens_in_several_environments_is_shown_once_with_how_they_differ(project: Path) -> None:
    Path("params/production.yaml").write_text(PARAMS.replace("Name: shop", "Name: shop, Retention: 30"))
    edit(DATABASE, "Default: 14,", "Default: 14, Description: days,")
    commit()
    edit(DATABASE, "Engine: aurora-postgresql", "Engine: aurora-postgresql\n      Port: 5433")
    edit(DATABASE, "DatabaseName: !Ref Name", "DatabaseName: !If [IsKept, other, !Ref Name]")
    edit(DATABASE, "Resources:", "Conditions: {IsKept: !Equals [!Ref Retention, 30]}\nResources:")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert f"{DATABASE} in db-dev, db-production, by git:" in ran.stdout
    assert ran.stdout.count("~ DBCluster (AWS::RDS::DBCluster)") == 1
    assert "      production: replace; dev: interruption\n" in ran.stdout
    assert "! Properties.DatabaseName: shop -> other (in production)\n" in ran.stdout
    assert "      Properties.Port: - -> 5433\n" in ran.stdout
    assert "  db-production: DBCluster: allow it with" in ran.stdout
    for form in ("text", "markdown", "github", "junit"):
        stdout = run("--base", "HEAD", "--format", form).stdout
        assert "production: replace; dev: interruption" in stdout
        assert stdout.count("changing DatabaseName replaces it") == {"markdown": 2, "junit": 2}.get(form, 1)
    rows = json.loads(run("--base", "HEAD", "--format", "sarif").stdout)["runs"][0]["results"]
    assert len({row["partialFingerprints"]["change/v2"] for row in rows}) == len(rows)
    assert len({row["message"]["text"] for row in rows}) == len(rows)


def test_the_defaults_are_shown_where_no_environment_uses_the_template(project: Path) -> None:
    edit(DEV, PARAMS[PARAMS.index("  db:") :], "  note: {template: note, parameters: {Database: shop}}\n")
    commit()
    edit(DATABASE, "Default: app", "Default: other")
    ran = run("--base", "HEAD")
    assert ran.exit_code == 6
    assert "Properties.DatabaseName: app -> other" in ran.stdout
    assert "because: parameter Name: app to other" in ran.stdout
    assert f"\n{DATABASE}, by git:" in ran.stdout


def test_what_only_the_defaults_do_is_a_note_and_nothing_is_refused(project: Path) -> None:
    edit(DATABASE, "Default: app", "Default: other")
    ran = run()
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert "only with its defaults, which no environment uses here: Host (fails), DBCluster (replace)" in ran.stdout
    assert "~ parameter Name" in ran.stdout
    assert "~ DBCluster" not in ran.stdout
    edit(DEV, "{Name: shop}", "{}")
    ran = run()
    assert ran.exit_code == 6
    assert "only with its defaults" not in ran.stdout


def test_what_rds_says_of_its_parameters_counts_in_a_review(
    project: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    properties = "{Description: d, Family: aurora-mysql8.0, Parameters: {innodb_buffer_pool_size: 1}}"
    group = f"Resources: {{Group: {{Type: 'AWS::RDS::DBParameterGroup', Properties: {properties}}}}}\n"
    Path("templates/group.yaml").write_text(group)
    commit()
    edit("templates/group.yaml", "_size: 1", "_size: 2")
    assert "where it is dynamic, after a reboot where it is static" in run("--base", "HEAD").stdout
    parameters = FamilyParameters({}, {"innodb_buffer_pool_size": True})
    offer = EngineOffer("aurora-mysql", {}, {}, {"aurora-mysql8.0": parameters})
    cache = tmp_path_factory.mktemp("cache")
    (cache / "facts").mkdir()
    (cache / "facts" / "offered.json").write_text(offered_text([offer], region="eu-west-1", today=date(2026, 11, 21)))
    ran = CliRunner().invoke(root, ["review", "--base", "HEAD"], env={"AURORA_CFN_CACHE": str(cache)})
    assert "innodb_buffer_pool_size is static: it counts only after each instance is rebooted" in ran.stdout


def test_a_change_that_mends_a_template_can_be_reviewed(project: Path) -> None:
    whole = Path(DATABASE).read_text()
    Path(DATABASE).write_text(f"{whole}\nResources: {{}}\n")
    commit()
    Path(DATABASE).write_text(whole)
    ran = run("--base", "HEAD")
    assert "before the change the template cannot be read, so all of it counts as new" in ran.stdout
    assert "+ DBCluster" in ran.stdout
    assert ran.exit_code == 0


def test_a_template_in_another_notation_is_the_same_template(project: Path) -> None:
    content = '{"Resources": {"Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "a"}}}}'
    Path("templates/extra.json").write_text(content)
    commit()
    Path("templates/extra.json").unlink()
    Path("templates/extra.yaml").write_text("Resources: {Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: a}}}\n")
    assert "no changes" in run("--base", "HEAD").stdout
    edit("templates/extra.yaml", "TopicName: a", "TopicName: b")
    assert "TopicName: a -> b" in run("--base", "HEAD").stdout


def test_aliases_are_refused_with_their_lines_and_the_remedy(project: Path) -> None:
    edit(
        DATABASE,
        "Retention: {Type: Number",
        "Other: &t {Type: String, Default: a}\n  More: *t\n  Retention: {Type: Number",
    )
    ran = run()
    assert ran.exit_code == 11
    assert "CloudFormation refuses YAML aliases and merge keys, here in line 4" in ran.stdout
    assert f"write them out with: aurora-cfn render --resolve {DATABASE}" in ran.stdout
    assert CliRunner().invoke(root, ["render", "--resolve", DATABASE]).exit_code == 0
    assert run().exit_code == 0
