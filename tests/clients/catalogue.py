"""The clients: which package each is, where it is installed, and the file with its cases."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Client:
    """One client. `environment` is `node`, or the name of a requirements file for a virtual environment of its own."""

    name: str
    package: str
    environment: str
    script: str
    needs: str = ""
    """A variable of the emulator's that is missing where this machine has no server for the client."""


MYSQL = "AURORA_MYSQL_CLUSTER_ARN"

CLIENTS = (
    Client("boto3", "boto3", "data-api", "boto3_cases.py"),
    Client("SQLAlchemy over the Data API", "sqlalchemy-aurora-data-api", "data-api", "sqlalchemy_cases.py"),
    Client("aurora-data-api", "aurora-data-api", "data-api", "aurora_data_api_cases.py"),
    Client("alembic", "alembic", "data-api", "alembic_cases.py"),
    Client("AWS SDK for JavaScript", "@aws-sdk/client-rds-data", "node", "sdk.mjs"),
    Client("drizzle-orm", "drizzle-orm", "node", "drizzle.mjs"),
    Client("drizzle-kit", "drizzle-kit", "node", "drizzle_kit.mjs"),
    Client("kysely-data-api", "kysely-data-api", "node", "kysely.mjs"),
    Client("data-api-client", "data-api-client", "node", "data_api_client.mjs"),
    Client("knex-aurora-data-api-client", "knex-aurora-data-api-client", "node", "knex_data_api.mjs"),
    Client("TypeORM", "typeorm-aurora-data-api-driver", "node", "typeorm.mjs"),
    Client("dbmate", "@dbmate/linux-x64", "node", "dbmate.mjs"),
    Client("alembic by aurora-cfn run", "alembic", "data-api", "run_alembic_cases.py"),
    Client("dbmate by aurora-cfn run", "@dbmate/linux-x64", "node", "run_dbmate.mjs"),
    Client("boto3, Aurora MySQL", "boto3", "mysql", "mysql_data_api_cases.py", MYSQL),
    Client("PyMySQL", "pymysql", "mysql", "pymysql_cases.py", MYSQL),
    Client("SQLAlchemy on PyMySQL", "sqlalchemy", "mysql", "mysql_sqlalchemy_cases.py", MYSQL),
    Client("mysql2", "mysql2", "node", "mysql2.mjs", MYSQL),
    Client("mysql-connector-python", "mysql-connector-python", "mysql", "mysql_connector_cases.py", MYSQL),
    Client("aiomysql", "aiomysql", "mysql", "aiomysql_cases.py", MYSQL),
    Client("Django on MySQL by aurora-cfn run", "django", "mysql", "mysql_django_cases.py", MYSQL),
    Client("psycopg 3 and its pool", "psycopg", "postgres", "psycopg_cases.py"),
    Client("asyncpg", "asyncpg", "postgres", "asyncpg_cases.py"),
    Client("SQLAlchemy, asynchronous", "sqlalchemy", "postgres", "sqlalchemy_async_cases.py"),
    Client("AWS Advanced Python Wrapper", "aws-advanced-python-wrapper", "postgres", "wrapper_cases.py"),
    Client("Django by aurora-cfn run", "django", "postgres", "django_cases.py"),
    Client("yoyo-migrations by aurora-cfn run", "yoyo-migrations", "postgres", "yoyo_cases.py"),
    Client("Knex, Objection and pg", "knex", "node", "knex.mjs"),
    Client("postgres", "postgres", "node", "porsager.mjs"),
    Client("Sequelize", "sequelize", "node", "sequelize.mjs"),
    Client("Prisma Client", "@prisma/client", "node", "prisma.mjs"),
    Client("node-pg-migrate by aurora-cfn run", "node-pg-migrate", "node", "node_pg_migrate.mjs"),
    Client("DSQL: psycopg", "aurora-dsql-python-connector", "dsql", "dsql_psycopg_cases.py"),
    Client("DSQL: asyncpg", "aurora-dsql-python-connector", "dsql", "dsql_asyncpg_cases.py"),
    Client("DSQL: SQLAlchemy", "aurora-dsql-sqlalchemy", "dsql", "dsql_sqlalchemy_cases.py"),
    Client("DSQL: Django", "aurora-dsql-django", "dsql", "dsql_django_cases.py"),
    Client("DSQL: Tortoise ORM", "aurora-dsql-tortoise-orm", "dsql-tortoise", "dsql_tortoise_cases.py"),
    Client("DSQL: node-postgres", "@aws/aurora-dsql-node-postgres-connector", "node", "dsql.mjs"),
    Client("AWS CLI", "awscli", "aws-cli", "aws_cli_cases.py"),
    Client("boto3: stacks, RDS, secrets", "boto3", "data-api", "boto3_stacks_cases.py"),
    Client("AWS SDK for JavaScript: stacks", "@aws-sdk/client-cloudformation", "node", "sdk_cloudformation.mjs"),
    Client("AWS SDK for JavaScript: other services", "@aws-sdk/client-s3", "node", "sdk_services.mjs"),
    Client("Powertools for Lambda: parameters", "aws-lambda-powertools", "postgres", "powertools_cases.py"),
    Client("CDK", "aws-cdk", "node", "cdk.mjs"),
    Client("SAM", "aws-sam-cli", "sam", "sam_cases.py"),
    Client("osls (Serverless Framework 3)", "osls", "node", "osls.mjs"),
    Client("Chalice", "chalice", "chalice", "chalice_cases.py"),
    Client("Sceptre", "sceptre", "sceptre", "sceptre_cases.py"),
)
