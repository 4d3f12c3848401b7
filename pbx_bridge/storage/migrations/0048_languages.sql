-- In which languages agents answer, and in which one a company's callers are answered. All of it is German until somebody says otherwise.
ALTER TABLE agent ADD COLUMN languages TEXT DEFAULT 'de' NOT NULL;
ALTER TABLE customer ADD COLUMN language TEXT DEFAULT 'de' NOT NULL;
DROP INDEX customer_answering;
CREATE INDEX customer_answering ON customer (confidential, team_id, overflow_after, overflow_team_id, language);
UPDATE schema_version SET version = 48;
