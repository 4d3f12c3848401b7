CREATE INDEX call_caller ON call (customer_id, caller_number, arrived_at);
CREATE INDEX call_agent_customer ON call (agent_id, customer_id, answered_at);
CREATE INDEX call_arrived ON call (arrived_at);
CREATE INDEX call_live ON call (arrived_at) WHERE ended_at IS NULL;
INSERT INTO schema_version (version) VALUES (8);
