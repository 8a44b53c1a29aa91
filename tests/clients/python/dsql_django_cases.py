from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import django
from cases import Cases, refused, same
from django.conf import settings
from dsql import ADDRESS, AUTHORITY, NAME, PORT, REGION

settings.configure(
    USE_TZ=True, INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"],
    DATABASES={"default": {
        "ENGINE": "aurora_dsql_django", "HOST": NAME, "PORT": PORT, "USER": "admin", "NAME": "postgres",
        "OPTIONS": {"hostaddr": ADDRESS, "sslmode": "verify-full", "sslrootcert": AUTHORITY, "region": REGION},
    }},
)  # fmt: skip
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402

cases = Cases()


class Planet(models.Model):
    name = models.CharField(max_length=60, unique=True)
    mass = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    seen = models.DateTimeField(null=True)
    found = models.DateField(null=True)
    more = models.JSONField(null=True)

    class Meta:
        app_label = "contenttypes"
        db_table = "dj_planet"


class Moon(models.Model):
    planet = models.ForeignKey(Planet, on_delete=models.CASCADE)
    name = models.TextField()

    class Meta:
        app_label = "contenttypes"
        db_table = "dj_moon"


@cases.case("schema", "tables of models are created")
def create() -> None:
    with connection.cursor() as cursor:
        for table in ("dj_moon", "dj_planet"):
            cursor.execute(f"drop table if exists {table}")
    with connection.schema_editor() as editor:
        editor.create_model(Planet)
    with connection.schema_editor() as editor:
        editor.create_model(Moon)


@cases.case(
    "schema",
    "migrations of django.contrib run",
    "aurora-dsql-django: a migration of Django changes the type of a column",
)
def migrate() -> None:
    call_command("migrate", verbosity=0)


@cases.case("schema", "tables are introspected")
def introspect() -> None:
    assert "dj_planet" in connection.introspection.table_names()


@cases.case("types", "an object goes in and comes back")
def types() -> None:
    given: dict[str, Any] = {"mass": Decimal("1.50"), "seen": datetime.datetime(2026, 2, 3, tzinfo=datetime.UTC),
                             "found": datetime.date(2026, 2, 3), "more": {"a": [1]}}  # fmt: skip
    Planet.objects.create(name="Mars", **given)
    found = Planet.objects.get(name="Mars")
    same({name: getattr(found, name) for name in given}, given)


@cases.case("nulls", "nulls")
def nulls() -> None:
    Planet.objects.create(name="Nil")
    same(Planet.objects.filter(mass__isnull=True).count(), 1)


@cases.case("queries", "relations, updates and deletes")
def queries() -> None:
    mars = Planet.objects.get(name="Mars")
    Moon.objects.create(planet=mars, name="Phobos")
    same(Moon.objects.filter(planet__name="Mars").values_list("name", flat=True)[0], "Phobos")
    same(Planet.objects.filter(name="Mars").update(mass=2), 1)
    mars.delete()
    same(Moon.objects.count(), 0)


@cases.case("transactions", "atomic is rolled back")
def atomic() -> None:
    with refused("back"), transaction.atomic():
        Planet.objects.create(name="lost")
        raise ValueError("back")
    same(Planet.objects.filter(name="lost").count(), 0)


@cases.case("savepoints", "a nested atomic has no savepoint")
def nested() -> None:
    with transaction.atomic(), transaction.atomic():
        Planet.objects.create(name="nested")
    same(Planet.objects.filter(name="nested").count(), 1)


@cases.case("batch", "bulk_create")
def bulk() -> None:
    Planet.objects.bulk_create([Planet(name=f"p{number}") for number in range(500)])
    same(Planet.objects.filter(name__startswith="p").count(), 500)


@cases.case("errors", "a duplicate key")
def duplicate() -> None:
    with refused("IntegrityError"):
        Planet.objects.create(name="Nil")


cases.run()
