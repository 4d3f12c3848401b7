-- When employees are there as a rule, and whose holidays their company has.
ALTER TABLE customer ADD COLUMN state TEXT DEFAULT '' NOT NULL;
ALTER TABLE employee ADD COLUMN hours TEXT DEFAULT '' NOT NULL;

UPDATE schema_version SET version = 6;
