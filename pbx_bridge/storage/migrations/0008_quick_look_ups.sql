-- What is asked again and again while calls come in must not read all calls of all years.
CREATE INDEX call_arrived ON call (arrived_at);
CREATE INDEX call_live ON call (arrived_at) WHERE ended_at IS NULL;
CREATE INDEX call_agent_customer ON call (agent_id, customer_id, answered_at);
DROP INDEX call_caller;
CREATE INDEX call_caller ON call (customer_id, caller_number, arrived_at);

UPDATE schema_version SET version = 8;
