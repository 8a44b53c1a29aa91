"""Django on PyMySQL, run by `aurora-cfn run`: the same cases as on PostgreSQL."""

import os

os.environ["DJANGO_DRIVER"] = "mysql"
import django_cases  # noqa: F401 # it runs when it is imported
