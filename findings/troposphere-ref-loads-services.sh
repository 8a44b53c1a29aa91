#!/usr/bin/env bash
# One would expect: `from troposphere import Ref` loads the intrinsic functions and the base classes; the services (troposphere.s3 and the
#   others) are modules of their own, which are loaded when they are imported.
# What happens: it loads eight services, from API Gateway to Step Functions, with several hundred classes: a function in the package's first
#   module wants the SAM Globals for its annotations, and the SAM module needs the classes of the others. Most of the time of the import goes there.
# Why it matters: a tool that keeps its parameters and conditions beside its resources pays for it in every command, also in those that render
#   nothing (here: a tenth of a deployment's CPU before the first call to AWS). Only modules that never name troposphere avoid it.
# Version and source: troposphere 4.11.1 (PyPI), troposphere/__init__.py and troposphere/serverless.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check troposphere==4.11.1 2>/dev/null
cat > loaded.py <<'PY'
import sys
from importlib.metadata import version

from troposphere import AWSObject, AWSProperty, Ref

print("troposphere", version("troposphere"), "after: from troposphere import", Ref.__name__)
services = sorted(
    name for name in sys.modules if name.startswith("troposphere.") and name.count(".") == 1
    if any(getattr(one, "__module__", "") == name for one in vars(sys.modules[name]).values() if isinstance(one, type))
    if name not in {"troposphere.compat", "troposphere.validators"}
)
classes = [one for one in AWSObject.__subclasses__() + AWSProperty.__subclasses__() if one.__module__ in services]
print(len(services), "services are loaded:", *(name.removeprefix("troposphere.") for name in services))
print(len(classes), "classes of resources and properties are made")
raise SystemExit(None if len(services) == 8 and len(classes) > 300 else "the behaviour has changed")
PY
env/bin/python loaded.py
