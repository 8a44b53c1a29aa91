"""Django on psycopg: a project with its migrations, run by `aurora-cfn run`, which gives it PGHOST and the others."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import mkdtemp
from textwrap import dedent

from cases import Cases, refused, same
from tools import run

cases = Cases()
HERE = Path(mkdtemp(prefix="run-django-"))
DRIVER = os.environ.get("DJANGO_DRIVER", "postgres")
SETTINGS = """\
import os
import shop_driver
SECRET_KEY = "x"
USE_TZ = True
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "shop"]
DATABASES = {"default": shop_driver.DATABASE}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
"""
POSTGRES = """\
import os
DATABASE = {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"], "USER": os.environ["PGUSER"],
            "HOST": os.environ["PGHOST"], "PORT": os.environ["PGPORT"], "PASSWORD": os.environ["PGPASSWORD"],
            "CONN_HEALTH_CHECKS": True, "OPTIONS": {"sslmode": "verify-full", "sslrootcert": os.environ["PGSSLROOTCERT"],
                                                    "pool": {"min_size": 1, "max_size": 4}}}
"""
MYSQL = """\
import os
import pymysql
pymysql.install_as_MySQLdb()
DATABASE = {"ENGINE": "django.db.backends.mysql", "NAME": os.environ["MYSQL_DATABASE"], "USER": os.environ["MYSQL_USER"],
            "HOST": os.environ["MYSQL_HOST"], "PORT": int(os.environ["MYSQL_PORT"]), "PASSWORD": os.environ["MYSQL_PWD"],
            "OPTIONS": {"charset": "utf8mb4", "ssl": {"ca": os.environ["LOCAL_CA"]}}}
"""
MODELS = """\
from django.db import models
class Item(models.Model):
    name = models.CharField(max_length=50, unique=True)
    price = models.DecimalField(max_digits=10, decimal_places=2)
    data = models.JSONField(default=dict)
    made = models.DateTimeField(auto_now_add=True)
    lasts = models.DurationField(null=True)
    key = models.UUIDField(null=True)
    raw = models.BinaryField(null=True)
    class Meta:
        indexes = [models.Index(fields=["price", "made"])]
class Part(models.Model):
    item = models.ForeignKey(Item, models.CASCADE, related_name="parts")
    number = models.PositiveSmallIntegerField()
"""
WORK = """\
import django, datetime, uuid
django.setup()
from decimal import Decimal
from django.db import connection, transaction, IntegrityError
from django.db.models import Count, F, Q
from shop.models import Item, Part
Item.objects.all().delete()
"""


def project() -> Path:
    """A project with an app of two models."""
    folder = HERE / DRIVER
    (folder / "shop" / "migrations").mkdir(parents=True)
    for name, text in (("shop_driver.py", MYSQL if DRIVER == "mysql" else POSTGRES), ("settings.py", SETTINGS), ("shop/models.py", MODELS),
                       ("shop/__init__.py", ""), ("shop/migrations/__init__.py", "")):  # fmt: skip
        (folder / name).write_text(text)
    return folder


folder = project()


def through(*words: str) -> str:
    command = (os.environ["AURORA_CFN_PYTHON"], "-m", "aurora_cfn", "run", "--env", "local", "--stack", DRIVER, "--")
    variables = {"DJANGO_SETTINGS_MODULE": "settings", "PYTHONPATH": str(folder)}
    return run(*command, *words, folder=os.environ["PROJECT"], **variables)


def admin(*words: str) -> str:
    return through(sys.executable, "-m", "django", *words)


def python(text: str) -> str:
    return through(sys.executable, "-c", WORK + dedent(text)).strip()


@cases.case("schema", "makemigrations, and migrate with django.contrib")
def migrate() -> None:
    admin("makemigrations", "shop")
    same("Applying shop.0001_initial... OK" in admin("migrate"), True)
    same("No migrations to apply" in admin("migrate"), True)
    same("[ ]" in admin("showmigrations"), False)


@cases.case("schema", "columns are added, changed and renamed, and taken back")
def change() -> None:
    models = folder / "shop" / "models.py"
    models.write_text(
        MODELS.replace("max_length=50", "max_length=80").replace(
            "    raw =", "    note = models.TextField(default='n')\n    raw ="
        )
    )
    admin("makemigrations", "shop", "-n", "wider")
    same("shop.0002_wider... OK" in admin("migrate", "shop"), True)
    same("Unapplying shop.0002_wider... OK" in admin("migrate", "shop", "0001"), True)
    models.write_text(MODELS)
    (folder / "shop" / "migrations" / "0002_wider.py").unlink()
    same("No changes detected" in admin("makemigrations", "--check", "--dry-run"), True)


@cases.case("schema", "inspectdb")
def inspect() -> None:
    same("class ShopItem(models.Model)" in admin("inspectdb", "shop_item"), True)


@cases.case("types", "values go in and come back")
def types() -> None:
    found = python("""
        now = datetime.timedelta(days=1, seconds=2, microseconds=3)
        Item.objects.create(name="ä€😀", price=Decimal("1.50"), data={"a": [1, None]}, lasts=now, key=uuid.UUID(int=7), raw=b"\\0\\xff")
        i = Item.objects.get(data__a__0=1)
        print([i.name, str(i.price), i.data, i.lasts == now, i.key.int, bytes(i.raw), i.made.tzinfo is not None])
    """)
    same(found, "['ä€😀', '1.50', {'a': [1, None]}, True, 7, b'\\x00\\xff', True]")


@cases.case("batch", "bulk_create, update_or_create, annotate, in one query each")
def bulk() -> None:
    found = python("""
        Item.objects.bulk_create([Item(name=f"n{n}", price=n) for n in range(1000)])
        Item.objects.bulk_create([Item(name="n1", price=7)], update_conflicts=True, update_fields=["price"],
                                 **({"unique_fields": ["name"]} if connection.vendor == "postgresql" else {}))
        Part.objects.bulk_create([Part(item=i, number=1) for i in Item.objects.all()[:10]])
        print(Item.objects.filter(price__gte=F("price")).annotate(n=Count("parts")).filter(n__gt=0).count(), Item.objects.get(name="n1").price)
    """)
    same(found, "10 7.00")


@cases.case("transactions", "atomic, savepoints, select_for_update, on_commit")
def atomic() -> None:
    found = python("""
        done = []
        with transaction.atomic():
            Item.objects.create(name="a", price=1)
            try:
                with transaction.atomic():
                    Item.objects.create(name="a", price=1)
            except IntegrityError as error:
                done.append(type(error).__name__)
            Item.objects.select_for_update(skip_locked=True).get(name="a")
            transaction.on_commit(lambda: done.append("commit"))
        print(done, Item.objects.count())
    """)
    same(found, "['IntegrityError', 'commit'] 1")


@cases.case("big results", "an iterator over many rows")
def iterator() -> None:
    same(python("""
        Item.objects.bulk_create([Item(name=f"n{n}", price=n, data={"x": "y" * 2000}) for n in range(5000)], batch_size=500)
        print(sum(len(i.data["x"]) for i in Item.objects.iterator(chunk_size=500)))
    """), "10000000")  # fmt: skip


@cases.case("errors", "check --deploy of the database, and a migration that fails has an exit code")
def failing() -> None:
    admin("check", "--database", "default")
    with refused("ended with"):
        admin("migrate", "shop", "0099")


cases.run()
