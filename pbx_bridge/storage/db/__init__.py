"""The way to the database and the words of SQL: engine, errors, column types, keys."""
