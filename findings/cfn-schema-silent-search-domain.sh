#!/usr/bin/env bash
# One would expect: the schema of a resource type lists each property whose change replaces the resource among createOnlyProperties or
#   conditionalCreateOnlyProperties; CloudFormation's own documentation says "Update requires" for each of them.
# What happens: the version of a search domain stands in neither list, for OpenSearch and for Elasticsearch. The reference says that another
#   version replaces the domain unless the template has the UpdatePolicy EnableVersionUpgrade, and the new domain is empty. An UpdatePolicy is
#   no property, so that no condition of a schema could say it. The EngineMode of a database cluster, which always replaces, is listed.
# Why it matters: the schema is what review tools, generators and "will this replace?" scripts read, and cfn-lint carries it along. To such a tool
#   the loss of all documents of a domain is an upgrade in place.
# Version and source: the schemas of us-east-1 in cfn-lint 1.58.0 (PyPI); EngineVersion in the reference of AWS::OpenSearchService::Domain, and
#   EnableVersionUpgrade under the UpdatePolicy attribute.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check cfn-lint==1.58.0 2>/dev/null
cat > listed.py <<'PY'
from importlib.metadata import version

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

ROWS = {
    ("AWS::RDS::DBCluster", "EngineMode"): True,
    ("AWS::OpenSearchService::Domain", "EngineVersion"): False,
    ("AWS::Elasticsearch::Domain", "ElasticsearchVersion"): False,
}
print("cfn-lint", version("cfn-lint"))
found = {}
for (kind, name), _ in ROWS.items():
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    assert name in schema["properties"], (kind, name)
    lists = [key for key in ("createOnlyProperties", "conditionalCreateOnlyProperties") if f"/properties/{name}" in schema.get(key, ())]
    found[kind, name] = bool(lists)
    print(f"{kind} {name}: {', '.join(lists) or 'in neither list'}")
raise SystemExit(None if found == ROWS else "the behaviour has changed")
PY
env/bin/python listed.py
