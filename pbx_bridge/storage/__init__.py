"""The database behind functions named by nouns; the only home of SQLAlchemy."""
