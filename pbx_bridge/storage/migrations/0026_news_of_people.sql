-- What is told of somebody goes with them.
ALTER TABLE company_change ADD COLUMN employee_id TEXT REFERENCES employee (id) ON DELETE CASCADE;
CREATE INDEX company_change_employee ON company_change (employee_id);
