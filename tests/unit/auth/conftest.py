from tests.databases import sqlite_db, sqlite_url

__all__ = ["sqlite_db", "sqlite_url"]
