-- What the office's pages and the rounds behind them ask for, where until now they read whole tables, or all calls of a week.
CREATE INDEX calendar_source_failing ON calendar_source (succeeded_at) WHERE result NOT IN ('ok', 'waiting');
CREATE INDEX customer_not_live ON customer (name) WHERE service <> 'live';
CREATE INDEX customer_answering ON customer (confidential, team_id, overflow_after, overflow_team_id);
CREATE INDEX account_role_of ON account (role, disabled);
CREATE INDEX account_customer ON account (customer_id);
CREATE INDEX access_log_deed ON access_log (deed, at);
CREATE INDEX coming_tariff_day ON coming_tariff (first_day);

UPDATE schema_version SET version = 46;
