#!/usr/bin/env bash
# One would expect: get_secrets_by_name(["orders"]) gives the secret "orders", asked for as BatchGetSecretValue's SecretIdList, with the rights to
#   read that secret; and the same answer each time.
# What happens: it sends a filter on the name. Secrets Manager's filter takes the beginning of names, so "orders-admin" and "orders-old" come too, and
#   are given to the caller: the first time. The second time, from the cache, only "orders" comes. An ARN matches nothing. A filter also needs
#   ListSecrets, which no policy can limit to a secret, and a name that does not exist is left out without an error.
# Why it matters: a loop over the answer connects to databases that were not asked for, in fresh instances of the function only; and the role that
#   reads its secret by get_secret is refused here.
# Version and source: aws-lambda-powertools 3.37.0 (PyPI), SecretsProvider._get_multiple; the filter "name" in the guide of Secrets Manager;
#   the stand-in for Secrets Manager is moto 5.2.5 (PyPI), which matches beginnings as well.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aws-lambda-powertools==3.37.0 boto3==1.44.8 'moto[secretsmanager]==5.2.5' 2>/dev/null
cat > names.py <<'PY'
import os
from importlib.metadata import version

os.environ.update(AWS_ACCESS_KEY_ID="none", AWS_SECRET_ACCESS_KEY="none", AWS_DEFAULT_REGION="eu-west-1")
import boto3
from aws_lambda_powertools.utilities.parameters import SecretsProvider, get_secrets_by_name
from moto import mock_aws

print("aws-lambda-powertools", version("aws-lambda-powertools"), "moto", version("moto"))
sent = []
with mock_aws():
    client = boto3.client("secretsmanager")
    for name in ("orders", "orders-admin", "orders-old", "billing"):
        client.create_secret(Name=name, SecretString=f"password of {name}")
    first, second = (sorted(get_secrets_by_name(["orders", "no-such-secret"])) for _ in range(2))
    client.meta.events.register("provide-client-params.secretsmanager.BatchGetSecretValue", lambda params, **_: sent.append(params))
    SecretsProvider(boto3_client=client).get_multiple(["orders"])  # what get_secrets_by_name calls
    exact = [row["Name"] for row in client.batch_get_secret_value(SecretIdList=["orders"])["SecretValues"]]
print("asked for: ['orders', 'no-such-secret']")
print("given the first time:", first)
print("given the second time:", second)
print("BatchGetSecretValue with SecretIdList gives:", exact)
print("sent:", sent[0])
same = first == ["orders", "orders-admin", "orders-old"] and second == ["orders"] == exact and "Filters" in sent[0] and "SecretIdList" not in sent[0]
raise SystemExit(None if same else "the behaviour has changed")
PY
env/bin/python names.py
