-- The rows of a house of any size, for SQLite; see generated_house.py. Each company has 20 people, 200 calls of 90 days, three
-- log-ins and four entries of the access log; agents, teams and tariffs are as many whatever the size.
CREATE TEMP TABLE n (i INTEGER PRIMARY KEY);
INSERT INTO n WITH RECURSIVE counted (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM counted WHERE i < :calls) SELECT i FROM counted;

INSERT INTO tariff (id, name, put_through) SELECT 't' || i, 'Tarif ' || i, 1 FROM n WHERE i <= 5;
INSERT INTO tariff_terms (tariff_id, first_day, included_calls) SELECT 't' || i, '2026-01-01', 100 FROM n WHERE i <= 5;
INSERT INTO team (id, name) SELECT 'team' || i, 'Team ' || i FROM n WHERE i <= 8;

INSERT INTO customer (id, name, tariff_id, greeting, instruction, version, confidential, service, team_id)
SELECT 'c' || i,
    CASE i % 3 WHEN 0 THEN 'Praxis Dr. Sommer ' WHEN 1 THEN 'Kanzlei Brandt & Weiß ' ELSE 'Mustermann ' END || printf('%05d', i),
    't' || (1 + i % 5), 'Guten Tag, [Vorname, Nachname].',
    'Bitte immer die Kundennummer aufnehmen. Rückrufe erst ab 14 Uhr zusagen.', i, i % 5 = 0,
    CASE i % 200 WHEN 7 THEN 'suspended' ELSE 'live' END,
    CASE i % 4 WHEN 0 THEN 'team' || (1 + i % 8) END
FROM n WHERE i <= :companies;
INSERT INTO line (id, number, customer_id)
SELECT 'l' || i, '+4930231' || printf('%06d', i), CASE i % 100 WHEN 0 THEN NULL ELSE 'c' || i END FROM n WHERE i <= :companies;
INSERT INTO note_field (customer_id, key, place, label, kind) SELECT 'c' || i, 'art', 1, 'Art des Anrufs', 'text' FROM n WHERE i <= :companies;
INSERT INTO public_number (number, customer_id)
SELECT '+4940231' || printf('%06d', i), 'c' || (i * 10 - 1) FROM n WHERE i <= :companies / 10;

INSERT INTO employee (id, customer_id, name, given_name, family_name, extension, put_through, email)
SELECT 'e' || i, 'c' || (1 + (i - 1) / 20), 'Erika Beispiel ' || i, 'Erika', 'Beispiel ' || i,
    '+4930231' || printf('%06d', i), 'all', 'e' || i || '@example.org'
FROM n WHERE i <= :companies * 20;
INSERT INTO appointment (id, employee_id, text, start_local, end_local)
SELECT 'a' || i, 'e' || (i * 10), 'Urlaub', '2026-11-01T00:00', '2099-11-08T00:00' FROM n WHERE i <= :companies * 2;
INSERT INTO calendar_source (id, employee_id, url, result, checked_at, succeeded_at)
SELECT 's' || i, 'e' || (i * 20), 'https://example.org/a.ics', CASE i % 200 WHEN 0 THEN 'refused' ELSE 'ok' END,
    datetime(:now, '-10 minutes') || '.000000',
    datetime(:now, CASE i % 200 WHEN 0 THEN '-10 days' ELSE '-10 minutes' END) || '.000000'
FROM n WHERE i <= :companies;

INSERT INTO account (id, login, password_hash, role, customer_id, employee_id)
SELECT 'k' || i, CASE i % 3 WHEN 0 THEN 'kunde' || i ELSE 'e' || i || '@example.org' END, 'no hash',
    CASE i % 3 WHEN 0 THEN 'customer' ELSE 'subaccount' END, 'c' || (1 + (i - 1) / 3),
    CASE i % 3 WHEN 0 THEN NULL ELSE 'e' || ((i - 1) / 3 * 20 + i % 3) END
FROM n WHERE i <= :companies * 3;
INSERT INTO account (id, login, password_hash, role) SELECT 'ka' || i, 'agent' || i, 'no hash', 'agent' FROM n WHERE i <= 60;
INSERT INTO agent (id, account_id, given_name, family_name, interface, bound)
SELECT 'agent' || i, 'ka' || i, 'Anna', 'Keller ' || i, 'PJSIP/a' || i, 1 FROM n WHERE i <= 60;
INSERT INTO team_member (team_id, agent_id) SELECT 'team' || (1 + i % 8), 'agent' || i FROM n WHERE i <= 60;
INSERT INTO session (token_hash, account_id, csrf, created_at, seen_at, expires_at)
SELECT 'h' || i, 'k' || (i * 30), 'x', datetime(:now, '-1 hour') || '.000000', datetime(:now, '-10 minutes') || '.000000',
    '2099-01-01 00:00:00.000000'
FROM n WHERE i <= :companies / 10;
INSERT INTO access_log (id, at, deed, login, place)
SELECT 'g' || i, datetime(:now, '-' || ((:companies * 4 - i) * 7776000 / (:companies * 4) + 60) || ' seconds') || '.000000',
    CASE i % 50 WHEN 0 THEN 'wrong_password' ELSE 'log_in' END, 'kunde' || (i * 3 % :companies), i + 1000
FROM n WHERE i <= :companies * 4;

-- The last call came ten minutes ago, the first one ninety days ago.
INSERT INTO call (id, pbx_call, line_number, customer_id, caller_number, agent_id, arrived_at, answered_at, ended_at, outcome)
SELECT 'r' || i, 'p' || i, '+4930231' || printf('%06d', 1 + i * 7919 % :companies),
    CASE WHEN i % 20000 = 9999 THEN NULL ELSE 'c' || (1 + i * 7919 % :companies) END,
    '+49171392' || printf('%06d', i % (:companies * 4)),
    CASE WHEN i % 10 <> 0 THEN 'agent' || (1 + i % 60) END,
    datetime(:now, '-' || age || ' seconds') || '.000000',
    CASE WHEN i % 10 <> 0 THEN datetime(:now, '-' || (age - 9) || ' seconds') || '.000000' END,
    datetime(:now, '-' || (age - 120) || ' seconds') || '.000000',
    CASE WHEN i % 10 = 0 THEN 'abandoned' WHEN i % 10000 = 77 THEN 'open' ELSE 'noted' END
FROM (SELECT i, (:calls - i) * 7776000 / :calls + 600 AS age FROM n);

-- Some of those for whom nobody was free asked to be called back; who did so in the last days waits.
INSERT INTO call_back (id, wish, call_id, at, tries, done_at, done_how, why)
SELECT 'b' || i, 'w' || i, id, ended_at, i % 3, CASE WHEN late THEN NULL ELSE ended_at END,
    CASE WHEN late THEN NULL WHEN i % 1000 = 0 THEN 'not_reached' ELSE 'reached' END, 'nobody_free'
FROM (SELECT *, substr(id, 2) + 0 AS i, arrived_at > datetime(:now, '-2 days') AS late FROM call WHERE outcome = 'abandoned')
WHERE i % 500 = 0;

-- Of the last fortnight notes, messages and attempts, of the last month what was used: pages read no older ones.
INSERT INTO call_note (id, call_id, customer_id, agent_id, caller_name, concern, fields, created_at)
SELECT 'n' || i, id, customer_id, agent_id, 'Hans Müller', 'Bittet um Rückruf wegen des Angebots.', '{}', ended_at
FROM (SELECT *, substr(id, 2) + 0 AS i FROM call WHERE arrived_at > datetime(:now, '-14 days') AND outcome = 'noted');
INSERT INTO notification (id, note_id, customer_id, channel, kind, address, cc, subject, body_text, state, attempts, due_at,
    created_at, finished_at)
SELECT 'm' || i, id, customer_id, 'email', 'note', 'erika@example.org', '[]', 'Anruf', 'Anruf',
    CASE i % 500 WHEN 11 THEN 'failed' WHEN 12 THEN 'uncertain' WHEN 13 THEN 'waiting' ELSE 'sent' END,
    1, created_at, created_at, created_at
FROM (SELECT *, substr(id, 2) + 0 AS i FROM call_note) WHERE i % 5000 <> 4;
UPDATE call SET untold = 1 WHERE id IN (SELECT call_id FROM call_note WHERE (substr(id, 2) + 0) % 5000 = 4);
INSERT INTO delivery_attempt (notification_id, number, started_at, ended_at, outcome)
SELECT id, 1, created_at, created_at, CASE state WHEN 'sent' THEN 'sent' ELSE 'failed' END FROM notification;
INSERT INTO attempt (id, call_id, employee_id, started_at, result)
SELECT 'v' || i, id, 'e' || (1 + i % (:companies * 20)), answered_at, 'joined'
FROM (SELECT *, substr(id, 2) + 0 AS i FROM call WHERE arrived_at > datetime(:now, '-14 days') AND outcome = 'noted')
WHERE i % 3 = 0;
INSERT INTO usage (id, customer_id, at, kind, call_id, talk)
SELECT 'call ' || id, customer_id, arrived_at, 'call', id, 90 FROM call
WHERE arrived_at > datetime(:now, '-31 days') AND answered_at IS NOT NULL AND customer_id IS NOT NULL;
INSERT INTO allowance (customer_id, month, calls_used, calls_included, percent, marks, reckoned_at)
SELECT id, :month, version % 80, 100, CASE version % 100 WHEN 1 THEN 100 WHEN 2 THEN 80 ELSE 40 END, version % 25 = 0,
    datetime(:now, '-20 minutes') || '.000000'
FROM customer;

DROP TABLE n;
UPDATE data_version SET version = version + 1;
