-- A language is there when it has catalogues, and the database does not know those.
CREATE TABLE new_account (
    id             TEXT NOT NULL PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,
    password_hash  TEXT NOT NULL,
    role           TEXT NOT NULL CONSTRAINT account_role CHECK (role IN ('agent', 'supervisor', 'customer', 'subaccount', 'operator')),
    customer_id    TEXT REFERENCES customer (id) ON DELETE CASCADE,
    employee_id    TEXT REFERENCES employee (id) ON DELETE CASCADE,
    locale         TEXT DEFAULT 'de' NOT NULL,
    disabled       BOOLEAN DEFAULT FALSE NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    email          TEXT DEFAULT '' NOT NULL
);
INSERT INTO new_account (id, login, password_hash, role, customer_id, employee_id, locale, disabled, created_at, email)
    SELECT id, login, password_hash, role, customer_id, employee_id, locale, disabled, created_at, email FROM account;
DROP TABLE account;
ALTER TABLE new_account RENAME TO account;
CREATE INDEX account_employee ON account (employee_id);
UPDATE schema_version SET version = 27;
