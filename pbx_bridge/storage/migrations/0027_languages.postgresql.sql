-- A language is there when it has catalogues, and the database does not know those.
ALTER TABLE account DROP CONSTRAINT account_locale;
UPDATE schema_version SET version = 27;
