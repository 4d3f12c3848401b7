from tests.databases import db, empty_postgres_url, postgres_server, postgres_url, sqlite_db

__all__ = ["db", "empty_postgres_url", "postgres_server", "postgres_url", "sqlite_db"]
