"""Addresses of templates in S3, in both styles."""

from __future__ import annotations

import pytest

from aurora_cfn.local.cloudformation.template_reading import path_style


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("https://artifacts.s3.eu-west-1.amazonaws.com/a/b.yaml", "https://s3.eu-west-1.amazonaws.com/artifacts/a/b.yaml"),
        ("https://my.bucket.s3.amazonaws.com/b.yaml", "https://s3.amazonaws.com/my.bucket/b.yaml"),
        ("https://b1.s3-eu-west-1.amazonaws.com/b.yaml", "https://s3-eu-west-1.amazonaws.com/b1/b.yaml"),
        ("https://b1.s3.cn-north-1.amazonaws.com.cn/b", "https://s3.cn-north-1.amazonaws.com.cn/b1/b"),
        ("https://s3.eu-west-1.amazonaws.com/artifacts/b.yaml", "https://s3.eu-west-1.amazonaws.com/artifacts/b.yaml"),
        ("http://127.0.0.1:4566/artifacts/b.yaml", "http://127.0.0.1:4566/artifacts/b.yaml"),
    ],
)  # fmt: skip
def test_the_bucket_moves_into_the_path(given: str, wanted: str) -> None:
    assert path_style(given) == wanted
