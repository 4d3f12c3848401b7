-- Whoever it tells of is named where they are found: by their own id, or by that of an appointment.
UPDATE company_change SET employee_id = (
    SELECT one.id FROM employee AS one
    WHERE one.customer_id = company_change.customer_id AND one.id = substr(json_extract(news, '$.about'), instr(json_extract(news, '$.about'), ' ') + 1)
) WHERE json_extract(news, '$.kind') IN ('employee_new', 'info', 'info_gone');
UPDATE company_change SET employee_id = (
    SELECT one.employee_id FROM appointment AS one WHERE one.id = substr(json_extract(news, '$.about'), instr(json_extract(news, '$.about'), ' ') + 1)
) WHERE json_extract(news, '$.kind') IN ('away', 'away_gone');
UPDATE company_change SET employee_id = (
    SELECT source.employee_id FROM calendar_event AS one JOIN calendar_source AS source ON source.id = one.source_id
    WHERE one.id = substr(json_extract(news, '$.about'), instr(json_extract(news, '$.about'), ' ') + 1)
) WHERE employee_id IS NULL AND json_extract(news, '$.kind') IN ('away', 'away_gone');
-- Of whoever is not found nobody knows whether they still work there.
DELETE FROM company_change
WHERE employee_id IS NULL AND json_extract(news, '$.kind') IN ('employee_new', 'info', 'info_gone', 'away', 'away_gone');
UPDATE schema_version SET version = 26;
