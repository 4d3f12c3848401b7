-- Whom a caller was put through to who is no employee: a number that the company's texts name, or that was typed.
ALTER TABLE attempt ADD COLUMN number TEXT DEFAULT '' NOT NULL;

UPDATE schema_version SET version = 22;
