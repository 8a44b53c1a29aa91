#!/usr/bin/env bash
# One would expect: a database backend of Django works on its own connection; a project with Aurora DSQL for one application and SQLite (or Aurora
#   PostgreSQL) for the others keeps the integer keys of the others.
# What happens: making the connection object of aurora-dsql-django, which needs no network and which every `connections.all()` does, changes Django's
#   AutoField and BigAutoField for the whole process. From then on full_clean() of a row of the SQLite table and reading its key from text
#   raise ValidationError "value must be a valid UUID", and a foreign key in a table that is made there is a uuid column beside its integer key.
# Why it matters: the same code works in a worker until some request touches the other database (the admin's pages and loaddata read keys from
#   text); `migrate` of the SQLite or PostgreSQL database gives a schema whose keys do not fit. USE_SEQUENCE_AUTOFIELDS: True, a setting of the
#   DSQL database, is what keeps the others as they were.
# Version and source: aurora-dsql-django 0.7.0, Django 5.2.9, psycopg 3.3.9 (PyPI); _patch_autofields in its base.py.
set -euo pipefail
folder=$(mktemp -d); trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv env
env/bin/pip install --quiet --disable-pip-version-check aurora-dsql-django==0.7.0 django==5.2.9 'psycopg[binary,pool]==3.3.9' 'aurora-dsql-python-connector==0.2.7' 2>/dev/null
cat > two.py <<'PY'
import json
import sys
from importlib.metadata import version

import django
from django.conf import settings

dsql = {"ENGINE": "aurora_dsql_django", "NAME": "postgres", "USER": "admin", "HOST": "cluster.dsql.eu-west-1.on.aws", "OPTIONS": {}}
if "sequences" in sys.argv:
    dsql["USE_SEQUENCE_AUTOFIELDS"] = True
databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}, "dsql": dsql}
settings.configure(DATABASES=databases, DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", USE_TZ=True)
django.setup()
from django.core.exceptions import ValidationError
from django.db import connection, connections, models


class Customer(models.Model):
    name = models.TextField()

    class Meta:
        app_label = "shop"


class Order(models.Model):
    customer = models.ForeignKey(Customer, models.CASCADE)

    class Meta:
        app_label = "shop"


def seen():
    said = []
    for work in (Customer.objects.get().full_clean, lambda: Customer._meta.pk.to_python("1")):
        try:
            work()
            said.append("fine")
        except ValidationError as error:
            said.append(f"ValidationError: {error.messages}")
    return *said, Order._meta.get_field("customer").db_type(connection)


with connection.schema_editor() as editor:
    editor.create_model(Customer)
Customer.objects.create(name="Ada")
before = seen()
connections["dsql"]  # no query, no network
after = seen()
print(json.dumps({"versions": [version("aurora-dsql-django"), django.__version__], "before": before, "after": after}))
PY
env/bin/python two.py 2>/dev/null | tee default
env/bin/python two.py sequences 2>/dev/null | tee sequences
env/bin/python - <<'PY'
import json

default, sequences = (json.load(open(name)) for name in ("default", "sequences"))
right = ["fine", "fine", "bigint"]
same = default["before"] == sequences["before"] == sequences["after"] == right
same = same and all("must be a valid UUID" in text for text in default["after"][:2]) and default["after"][2] == "uuid"
raise SystemExit(None if same else "the behaviour has changed")
PY
