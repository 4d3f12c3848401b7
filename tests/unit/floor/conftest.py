from tests.databases import (
    database_url,
    db,
    empty_postgres_url,
    postgres_server,
    postgres_template,
    postgres_url,
    sqlite_db,
    sqlite_url,
)

__all__ = [
    "database_url",
    "db",
    "empty_postgres_url",
    "postgres_server",
    "postgres_template",
    "postgres_url",
    "sqlite_db",
    "sqlite_url",
]
