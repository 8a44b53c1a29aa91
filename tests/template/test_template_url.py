"""Which file an address names, in the forms that public repositories write."""

from __future__ import annotations

from typing import Any

import pytest

from aurora_cfn.template.evaluator import Evaluator
from aurora_cfn.template.side import Side
from aurora_cfn.template.template_url import NamedFile, RepositoryFiles, in_submodule, named_file

PARAMETERS = {
    "Bucket": {"Type": "String"},
    "Prefix": {"Type": "String"},
    "Known": {"Type": "String", "Default": "quickstart-rds/"},
    "Location": {"Type": "String"},
}
FILES = RepositoryFiles(
    ["templates/rds.yaml", "templates/parent.yaml", "infra/vpc.yaml", "other/vpc.yaml", "deep/down/table.json",
     "templates/cache.template", "../shared/topic.yaml", "a/queue.yaml", "templates/queue.yaml", "bucket.yaml"],
    {"submodules/vpc": "0123456789"},
)  # fmt: skip
PARTITION = {"Ref": "AWS::Partition"}
PARENT = "templates/parent.yaml"


def sure(path: str) -> NamedFile:
    return NamedFile(path)


def packaged(path: str) -> NamedFile:
    return NamedFile(path, local=True)


def perhaps(path: str) -> NamedFile:
    return NamedFile(path, certain=False)


def form(raw: Any) -> Any:
    template: dict[str, Any] = {
        "Parameters": PARAMETERS,
        "Conditions": {"InChina": {"Fn::Equals": [PARTITION, "aws-cn"]}},
    }
    return Evaluator(Side(template)).value(raw)


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}


@pytest.mark.parametrize(
    ("address", "found"),
    [
        # Local paths are relative to the file of the parent, as `aws cloudformation package` reads them.
        ("rds.yaml", packaged("templates/rds.yaml")),
        ("./rds.yaml", packaged("templates/rds.yaml")),
        ("../infra/vpc.yaml", packaged("infra/vpc.yaml")),
        ("../../shared/topic.yaml", packaged("../shared/topic.yaml")),
        ("vpc.yaml", None),
        ("infra/vpc.yaml", None),
        # A bucket and a prefix that are known or not, in each form of an address of S3.
        (sub("https://${Bucket}.s3.amazonaws.com/${Prefix}templates/rds.yaml"), sure("templates/rds.yaml")),
        (sub("https://${Bucket}.s3.amazonaws.com/${Known}templates/rds.yaml"), sure("templates/rds.yaml")),
        (sub("https://${Bucket}.s3.${AWS::Region}.${AWS::URLSuffix}/${Prefix}infra/vpc.yaml"), sure("infra/vpc.yaml")),
        (sub("https://s3.amazonaws.com/${Bucket}/templates/cache.template"), sure("templates/cache.template")),
        ("https://s3-eu-west-1.amazonaws.com/bucket/any/prefix/templates/rds.yaml", sure("templates/rds.yaml")),
        ("s3://bucket/templates/rds.yaml", sure("templates/rds.yaml")),
        (sub("${Location}/down/table.json"), sure("deep/down/table.json")),
        ({"Fn::Join": ["/", ["https://s3.amazonaws.com", {"Ref": "Bucket"}, "templates/rds.yaml"]]},
         sure("templates/rds.yaml")),
        ({"Fn::Join": ["", ["https://", {"Ref": "Bucket"}, ".s3.amazonaws.com/", {"Ref": "Prefix"}, "infra/vpc.yaml"]]},
         sure("infra/vpc.yaml")),
        ({"Fn::If": ["InChina", sub("https://${Bucket}.s3.cn-north-1.amazonaws.com.cn/infra/vpc.yaml"),
                     sub("https://${Bucket}.s3.amazonaws.com/infra/vpc.yaml")]}, sure("infra/vpc.yaml")),
        # Only the name is the same: folders of the bucket are called otherwise, or the file is in none.
        (sub("https://${Bucket}.s3.amazonaws.com/v2/rds.yaml"), perhaps("templates/rds.yaml")),
        (sub("${Location}/rds.yaml"), perhaps("templates/rds.yaml")),
        ("https://bucket.s3.amazonaws.com/app/bucket.yaml", perhaps("bucket.yaml")),
        # Of several files of one name the one beside the parent; else none is named.
        (sub("${Location}/queue.yaml"), perhaps("templates/queue.yaml")),
        (sub("${Location}/vpc.yaml"), None),
        # Not known: another file in each case, an end that is not known, a version, an unknown name, a submodule.
        ({"Fn::If": ["InChina", sub("${Location}/rds.yaml"), sub("${Location}/infra/vpc.yaml")]}, None),
        ({"Ref": "Location"}, None),
        (sub("https://bucket.s3.amazonaws.com/${Prefix}"), None),
        ("https://bucket.s3.amazonaws.com/templates/rds.yaml?versionId=3", None),
        ("https://bucket.s3.amazonaws.com/templates/none.yaml", None),
        (sub("https://${Bucket}.s3.amazonaws.com/${Known}submodules/vpc/templates/rds.yaml"), None),
        (None, None),
        ({"ApplicationId": "arn:aws:serverlessrepo:eu-west-1:1:applications/a", "SemanticVersion": "1.0.0"}, None),
    ],
)  # fmt: skip
def test_the_file_that_an_address_names(address: Any, found: NamedFile | None) -> None:
    assert named_file(form(address), PARENT, FILES) == found


@pytest.mark.parametrize(
    ("address", "content"),
    [
        (sub("https://${Bucket}.s3.amazonaws.com/${Known}submodules/vpc/a/b.yaml"), "0123456789:a/b.yaml"),
        (sub("https://${Bucket}.s3.amazonaws.com/x/submodules/vpc/a/b.yaml"), "0123456789:a/b.yaml"),
        (sub("https://${Bucket}.s3.amazonaws.com/submodules/vpn/a/b.yaml"), ""),
        (sub("https://${Bucket}.s3.amazonaws.com/submodules/vpc"), ""),
        ("rds.yaml", ""),
        (None, ""),
    ],
)
def test_a_file_of_a_submodule_is_known_by_its_commit(address: Any, content: str) -> None:
    assert in_submodule(form(address), FILES) == content
