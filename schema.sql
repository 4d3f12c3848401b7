-- pbx-bridge: the whole database. Loads unchanged in SQLite and in PostgreSQL; a test holds models and migrations to it.
--
-- Conventions: keys are UUIDv7 as text; times are UTC unless a column ends in _local (wall time of the customer, ISO 8601 to the
-- minute, with its fold 0|1 beside it); money is millionths of a euro (_micros); every state column says which states follow which.

CREATE TABLE schema_version (
    version     INTEGER NOT NULL PRIMARY KEY,
    applied_at  TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL
);

-- One row. Grows in the transaction of every change below a customer; whoever keeps an index looks here and reloads the customers
-- whose version is newer than the one it holds.
CREATE TABLE data_version (
    id          INTEGER NOT NULL PRIMARY KEY CONSTRAINT data_version_one_row CHECK (id = 1),
    version     BIGINT DEFAULT 0 NOT NULL
);

-- Which service leads at a PBX (PostgreSQL; on SQLite the file has a lock). term grows with each take-over and never goes back: a
-- connection of an earlier one is ended and not let in again. lease_until: by the database's clock; later than that the holder hangs.
CREATE TABLE pbx (
    name         TEXT NOT NULL PRIMARY KEY,         -- [pbx] name of the settings; '' where there is one PBX
    term         BIGINT DEFAULT 0 NOT NULL,
    holder       TEXT DEFAULT '' NOT NULL,          -- machine and process; behind them what tells it from any other process
    lease_until  TIMESTAMP WITH TIME ZONE NOT NULL
);

-- ---------------------------------------------------------------------------------------------------------------- customers

CREATE TABLE tariff (
    id               TEXT NOT NULL PRIMARY KEY,
    name             TEXT NOT NULL UNIQUE,
    put_through      BOOLEAN NOT NULL,              -- Vermittlungsoption; the prices stand in tariff_terms
    sms_parts        INTEGER DEFAULT 1 NOT NULL CONSTRAINT tariff_sms_parts CHECK (sms_parts IN (1, 2)),  -- how long an SMS may be
    retired          BOOLEAN DEFAULT FALSE NOT NULL -- no company gets it any more; whoever has it keeps it
);

-- service: set_up -> live <-> suspended; each of them -> ending -> ended; ended -> suspended while it is not erased.
-- set_up, live: answered. suspended, ending: the PBX is engaged, its people read and write nothing; ending waits for the last call.
-- ended: its lines are nobody's, its log-ins are locked; retention.ended_days later all of it is erased.
-- Agents who answer together; an agent may be in several.
CREATE TABLE team (
    id    TEXT NOT NULL PRIMARY KEY,
    name  TEXT NOT NULL UNIQUE
);

CREATE TABLE customer (
    id             TEXT NOT NULL PRIMARY KEY,
    name           TEXT NOT NULL UNIQUE,
    spoken_name    TEXT DEFAULT '' NOT NULL,
    tariff_id      TEXT NOT NULL REFERENCES tariff (id),
    greeting       TEXT NOT NULL,                   -- holds [Vorname, Nachname], [Vorname] or [Nachname]
    instruction    TEXT DEFAULT '' NOT NULL,
    default_email  TEXT DEFAULT '' NOT NULL,        -- receives notes that name no employee
    hue            INTEGER DEFAULT 0 NOT NULL CONSTRAINT customer_hue CHECK (hue BETWEEN 0 AND 11),
    zone           TEXT DEFAULT 'Europe/Berlin' NOT NULL,
    region         TEXT DEFAULT 'DE' NOT NULL,
    state          TEXT DEFAULT '' NOT NULL,        -- whose holidays are free: "BE"; '' for none
    confidential   BOOLEAN DEFAULT FALSE NOT NULL,  -- § 203 StGB: no note text in SMS or subject, only bound agents
    version        BIGINT DEFAULT 1 NOT NULL,
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    changed_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    service        TEXT DEFAULT 'live' NOT NULL
                   CONSTRAINT customer_service CHECK (service IN ('set_up', 'live', 'suspended', 'ending', 'ended')),
    service_since  TIMESTAMP WITH TIME ZONE,        -- null: since before anybody wrote it down
    team_id           TEXT REFERENCES team (id),    -- who answers; null: everybody
    overflow_after    INTEGER CONSTRAINT customer_overflow CHECK (overflow_after BETWEEN 5 AND 240),  -- seconds; null: no overflow
    overflow_team_id  TEXT REFERENCES team (id),    -- who answers as well then; null: everybody
    language          TEXT DEFAULT 'de' NOT NULL    -- of its callers, ISO 639-1: who speaks it is offered them first
);
CREATE INDEX customer_team ON customer (team_id);
CREATE INDEX customer_overflow_team ON customer (overflow_team_id);
CREATE INDEX customer_version ON customer (version);   -- followers read only what is newer
CREATE INDEX customer_tariff ON customer (tariff_id);
CREATE INDEX customer_leaving ON customer (service) WHERE service IN ('ending', 'ended');
CREATE INDEX customer_not_live ON customer (name) WHERE service <> 'live';
CREATE INDEX customer_answering ON customer (confidential, team_id, overflow_after, overflow_team_id, language);   -- each way once, from here alone

CREATE TABLE line (
    id           TEXT NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,              -- E.164 with +
    region       TEXT DEFAULT 'DE' NOT NULL,
    customer_id  TEXT REFERENCES customer (id) ON DELETE SET NULL,  -- null: shared, or free
    shared       BOOLEAN DEFAULT FALSE NOT NULL,    -- several companies forward here; then it is no company's own
    since        TIMESTAMP WITH TIME ZONE           -- whose it is, shared or free; null: since before anybody wrote it down
);
CREATE INDEX line_customer ON line (customer_id);
CREATE INDEX line_since ON line (since);

CREATE TABLE public_number (
    number       TEXT NOT NULL PRIMARY KEY,         -- E.164 with +; seen in Diversion and History-Info
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE
);
CREATE INDEX public_number_customer ON public_number (customer_id);

CREATE TABLE employee (
    id              TEXT NOT NULL PRIMARY KEY,
    customer_id     TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,                  -- as typed: "Vorname Nachname" or "Nachname, Vorname"
    given_name      TEXT DEFAULT '' NOT NULL,
    family_name     TEXT DEFAULT '' NOT NULL,
    position        TEXT DEFAULT '' NOT NULL,
    responsibility  TEXT DEFAULT '' NOT NULL,
    email           TEXT DEFAULT '' NOT NULL,       -- never shown to agents
    sms             BOOLEAN DEFAULT FALSE NOT NULL,
    mobile          TEXT DEFAULT '' NOT NULL,       -- E.164; never shown to agents
    deputy_id       TEXT REFERENCES employee (id) ON DELETE SET NULL,
    extension       TEXT DEFAULT '' NOT NULL,       -- where the employee is put through: E.164, or an internal one's digits
    put_through     TEXT DEFAULT 'none' NOT NULL CONSTRAINT employee_put_through CHECK (put_through IN ('none', 'all', 'vip')),
    vip_sms         BOOLEAN DEFAULT FALSE NOT NULL,
    absence_info    TEXT DEFAULT '' NOT NULL,
    ring_seconds    INTEGER CONSTRAINT employee_ring CHECK (ring_seconds BETWEEN 5 AND 60),  -- null: the default
    hours           TEXT DEFAULT '' NOT NULL        -- "Mo–Do 08:00–17:00; Fr 08:00–14:00"; '': there at any time
);
CREATE INDEX employee_customer ON employee (customer_id);

CREATE TABLE employee_cc (
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    email        TEXT NOT NULL,
    PRIMARY KEY (employee_id, place)
);

CREATE TABLE appointment (
    id           TEXT NOT NULL PRIMARY KEY,
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    text         TEXT NOT NULL,
    start_local  TEXT NOT NULL,                     -- 2026-10-01T00:00
    start_fold   INTEGER DEFAULT 0 NOT NULL CONSTRAINT appointment_start_fold CHECK (start_fold IN (0, 1)),
    end_local    TEXT NOT NULL,                     -- exclusive
    end_fold     INTEGER DEFAULT 0 NOT NULL CONSTRAINT appointment_end_fold CHECK (end_fold IN (0, 1)),
    all_day      BOOLEAN DEFAULT FALSE NOT NULL,
    reachable    BOOLEAN DEFAULT FALSE NOT NULL,    -- false: put-through starts with the deputy
    CONSTRAINT appointment_order CHECK (end_local > start_local OR (end_local = start_local AND end_fold > start_fold))
);
CREATE INDEX appointment_employee ON appointment (employee_id);
CREATE INDEX appointment_end ON appointment (end_local);    -- what is over goes

-- An address under which calendar programs read appointments: whoever knows it may read, so it can be taken back.
CREATE TABLE calendar_feed (
    token_hash   TEXT NOT NULL PRIMARY KEY,         -- SHA-256 of the secret part of the address
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE CASCADE,   -- null: of all employees
    created_at   TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX calendar_feed_customer ON calendar_feed (customer_id);

-- An employee's calendar elsewhere, read again and again. result: waiting -> ok | a code that says why not; and back with each reading.
CREATE TABLE calendar_source (
    id            TEXT NOT NULL PRIMARY KEY,
    employee_id   TEXT NOT NULL UNIQUE REFERENCES employee (id) ON DELETE CASCADE,
    url           TEXT NOT NULL,                    -- as secret as a password: never shown to agents, never logged
    result        TEXT DEFAULT 'waiting' NOT NULL,
    events        INTEGER DEFAULT 0 NOT NULL,       -- read the last time it went well
    checked_at    TIMESTAMP WITH TIME ZONE,
    succeeded_at  TIMESTAMP WITH TIME ZONE,
    left_out      TEXT DEFAULT '' NOT NULL          -- how many events were none, by reason: "declined=1 free=2"
);
CREATE INDEX calendar_source_failing ON calendar_source (succeeded_at) WHERE result NOT IN ('ok', 'waiting');

-- What the last good reading found, repeated events spelled out; replaced as a whole. Times as in appointment.
CREATE TABLE calendar_event (
    id           TEXT NOT NULL PRIMARY KEY,
    source_id    TEXT NOT NULL REFERENCES calendar_source (id) ON DELETE CASCADE,
    text         TEXT NOT NULL,
    start_local  TEXT NOT NULL,
    start_fold   INTEGER DEFAULT 0 NOT NULL CONSTRAINT calendar_event_start_fold CHECK (start_fold IN (0, 1)),
    end_local    TEXT NOT NULL,                     -- exclusive
    end_fold     INTEGER DEFAULT 0 NOT NULL CONSTRAINT calendar_event_end_fold CHECK (end_fold IN (0, 1)),
    all_day      BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX calendar_event_source ON calendar_event (source_id);
CREATE INDEX calendar_event_end ON calendar_event (end_local);

CREATE TABLE vip_caller (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE CASCADE,   -- null: VIP of the whole company
    pattern      TEXT NOT NULL,                     -- +4930231250 or a block +49302312*
    name         TEXT NOT NULL,
    info         TEXT DEFAULT '' NOT NULL
);
CREATE INDEX vip_caller_customer ON vip_caller (customer_id);

CREATE TABLE faq_entry (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL
);
CREATE INDEX faq_entry_customer ON faq_entry (customer_id, place);

CREATE TABLE text_block (                           -- what agents put into a note by one key
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,
    name         TEXT NOT NULL,
    text         TEXT NOT NULL                      -- with {anrufer}, {nummer}, {mitarbeiter}
);
CREATE INDEX text_block_customer ON text_block (customer_id, place);

-- What happens to a caller of this company when nobody is free; a company without a row follows the house.
CREATE TABLE nobody_free (
    customer_id   TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    hours         TEXT DEFAULT '' NOT NULL,         -- in which calls are answered, "Mo–Fr 08:00–18:00"; '': at any time
    outside       TEXT DEFAULT 'message' NOT NULL   -- for whoever calls outside the hours
                  CONSTRAINT nobody_free_outside CHECK (outside IN ('busy', 'announcement', 'message')),
    after         INTEGER DEFAULT 300 NOT NULL,     -- seconds in the queue, then comes the ending
    ending        TEXT DEFAULT 'hang_up' NOT NULL
                  CONSTRAINT nobody_free_ending CHECK (ending IN ('hang_up', 'busy', 'announcement', 'message')),
    announcement  TEXT DEFAULT '' NOT NULL,         -- name of a sound of the operator's; '': none
    call_back     TEXT DEFAULT '' NOT NULL,         -- name of the sound that says which key asks for it; '': not offered
    music         TEXT DEFAULT '' NOT NULL          -- class of the PBX's music for those who wait; '': as everywhere
);

CREATE TABLE note_field (
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    key          TEXT NOT NULL,
    place        INTEGER NOT NULL,
    label        TEXT NOT NULL,
    kind         TEXT NOT NULL CONSTRAINT note_field_kind CHECK (kind IN ('text', 'long', 'number', 'date', 'choice', 'yesno', 'phone')),
    required     BOOLEAN DEFAULT FALSE NOT NULL,
    choices      JSON,                              -- list of texts, for kind = choice
    help         TEXT DEFAULT '' NOT NULL,          -- what agents read below it
    retired      BOOLEAN DEFAULT FALSE NOT NULL,    -- asked no more; old notes have answers to it
    PRIMARY KEY (customer_id, key)
);

-- Days that the house counts as holidays, or does not, otherwise than the law as the program knows it.
CREATE TABLE house_day (
    day    TEXT NOT NULL,                           -- "2027-05-08"
    state  TEXT NOT NULL,                           -- of which Land: "BE"; '': of all
    free   BOOLEAN DEFAULT FALSE NOT NULL,          -- a holiday; else none, whatever the law says
    name   TEXT NOT NULL,
    PRIMARY KEY (day, state)
);

-- ------------------------------------------------------------------------------------------------------------ people who log in

CREATE TABLE account (
    id             TEXT NOT NULL PRIMARY KEY,
    login          TEXT NOT NULL UNIQUE,            -- lower case
    password_hash  TEXT NOT NULL,                   -- Argon2id, PHC format
    role           TEXT NOT NULL CONSTRAINT account_role CHECK (role IN ('agent', 'supervisor', 'customer', 'subaccount', 'operator')),
    customer_id    TEXT REFERENCES customer (id) ON DELETE CASCADE,     -- customer, subaccount
    employee_id    TEXT REFERENCES employee (id) ON DELETE CASCADE,     -- subaccount
    locale         TEXT DEFAULT 'de' NOT NULL,      -- one of those that have catalogues; whose is gone reads the first
    disabled       BOOLEAN DEFAULT FALSE NOT NULL,         -- locked: nobody logs in with it
    created_at     TIMESTAMP WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
    email          TEXT DEFAULT '' NOT NULL         -- where a link for a forgotten password goes; '': to the login, if it is an address
);
CREATE INDEX account_role_of ON account (role, disabled);   -- how many there are of each
CREATE INDEX account_customer ON account (customer_id);

CREATE TABLE agent (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    given_name   TEXT NOT NULL,
    family_name  TEXT NOT NULL,
    interface    TEXT NOT NULL UNIQUE,              -- the phone as the PBX knows it: PJSIP/anna
    bound        BOOLEAN DEFAULT FALSE NOT NULL,    -- to secrecy (§ 203 StGB); others are offered no confidential company's calls
    languages    TEXT DEFAULT 'de' NOT NULL         -- in which callers can be answered, a + between them: de+en
);

CREATE TABLE team_member (
    team_id   TEXT NOT NULL REFERENCES team (id) ON DELETE CASCADE,
    agent_id  TEXT NOT NULL REFERENCES agent (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, agent_id)
);
CREATE INDEX team_member_agent ON team_member (agent_id);

-- Which of the PBX's numbered queues is whose. It changes hands only when nobody can wait there any more.
CREATE TABLE team_queue (
    number        INTEGER NOT NULL PRIMARY KEY,     -- 3 is the queue sec-3
    answers       TEXT NOT NULL UNIQUE,             -- whose it is: "203:" for bound agents only, and ids of teams, a + between them; ":en": who speaks that
    unused_since  TIMESTAMP WITH TIME ZONE          -- no company needs it; null: one does
);

-- Why agents pause, as far as this house says it otherwise: a reason of PauseReason in rules/vocabulary.py without a row is as everywhere.
CREATE TABLE pause_reason (
    id       TEXT NOT NULL PRIMARY KEY,             -- lunch, or own_… of one that this house has made; told to the PBX as it is
    names    JSON NOT NULL,                         -- {language: name}; of one that is missing the catalogue has it
    place    INTEGER NOT NULL,                      -- the lowest comes first
    retired  BOOLEAN DEFAULT FALSE NOT NULL         -- offered no more; never deleted
);

-- A telephone that we gave to an agent: it stands in Asterisk's own database, not in its files. It goes when the agent has another one.
CREATE TABLE agent_phone (
    agent_id  TEXT NOT NULL PRIMARY KEY REFERENCES agent (id) ON DELETE CASCADE,
    digest    TEXT NOT NULL,                        -- MD5 of "anna:asterisk:password"; as good as the password at this PBX
    given_at  TIMESTAMP WITH TIME ZONE NOT NULL     -- with this password
);

CREATE TABLE session (
    token_hash  TEXT NOT NULL PRIMARY KEY,          -- SHA-256 of the cookie's value
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    csrf        TEXT NOT NULL,
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL,
    holder      TEXT DEFAULT '' NOT NULL,           -- SHA-256 of the account's role, company, employee and password; others: it is over
    device      TEXT DEFAULT '' NOT NULL,           -- "Firefox · Windows", for the list of one's own sessions
    network     TEXT DEFAULT '' NOT NULL,           -- shortened: 192.0.2.0/24
    stage       TEXT DEFAULT '' NOT NULL,           -- '': in; 'code', 'setup': the password was right, the second factor is missing
    viewed_id   TEXT REFERENCES customer (id) ON DELETE SET NULL    -- of an operator: the company whose portal is open in it
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_viewed ON session (viewed_id);

-- A browser in which somebody has logged in: it is not held up by what strangers guess.
CREATE TABLE known_device (
    token_hash  TEXT NOT NULL,                      -- SHA-256 of the cookie's value
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    seen_at     TIMESTAMP WITH TIME ZONE NOT NULL,  -- the last log-in
    PRIMARY KEY (token_hash, account_id)
);
CREATE INDEX known_device_account ON known_device (account_id, seen_at);

-- Codes of a phone (TOTP, RFC 6238) beside the password. The secret is kept as it is: whoever reads the database reads all else too.
CREATE TABLE second_factor (
    account_id  TEXT NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
    secret      TEXT NOT NULL,                      -- hex
    confirmed   BOOLEAN DEFAULT FALSE NOT NULL,     -- its owner has typed a first code: it is asked for from then on
    last_step   BIGINT DEFAULT 0 NOT NULL,          -- 30 seconds each since 1970; a code of this step or before is not taken again
    created_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

-- For the day on which the phone is gone; each is deleted when it is used.
CREATE TABLE recovery_code (
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash   TEXT NOT NULL,                      -- SHA-256 of account and code
    PRIMARY KEY (account_id, code_hash)
);

-- Who did what at the door, and who read notes: kept for retention.access_days. A log-in that nobody has is not written down: it may be a
-- password. Entries are a chain of hashes; rules/access/audit_chain.py says of what.
CREATE TABLE access_log (
    id          TEXT NOT NULL PRIMARY KEY,
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    deed        TEXT NOT NULL,                      -- code: log_in, wrong_password, log_out, password_changed …
    login       TEXT DEFAULT '' NOT NULL,           -- as it was then; '': nobody has it
    done_by     TEXT DEFAULT '' NOT NULL,           -- login of whoever did it, if somebody else
    device      TEXT DEFAULT '' NOT NULL,
    network     TEXT DEFAULT '' NOT NULL,           -- shortened: 192.0.2.0/24
    detail      TEXT DEFAULT '' NOT NULL,           -- what it was and is: "agent > supervisor", names of companies; '': the deed says it
    place       BIGINT DEFAULT 0 NOT NULL,          -- in the chain, from 1, without a gap
    salt        TEXT DEFAULT '' NOT NULL,           -- chance, hex; '': an erasure has emptied what the entry says of people
    content_hash TEXT DEFAULT '' NOT NULL,          -- SHA-256 of salt, login, done_by, device, network, detail
    previous_hash TEXT DEFAULT '' NOT NULL,         -- own_hash of the entry before; '': there was none
    own_hash    TEXT DEFAULT '' NOT NULL            -- SHA-256 of place, id, at, deed, content_hash, previous_hash
);
CREATE INDEX access_log_at ON access_log (at);
CREATE INDEX access_log_login ON access_log (login);
CREATE INDEX access_log_done_by ON access_log (done_by);
CREATE INDEX access_log_deed ON access_log (deed, at);
CREATE UNIQUE INDEX access_log_place ON access_log (place);

-- One row: the end of that chain. Whoever writes an entry holds it until the transaction ends, as its last deed; so there is one chain.
CREATE TABLE audit_head (
    id          INTEGER NOT NULL PRIMARY KEY CONSTRAINT audit_head_one_row CHECK (id = 1),
    place       BIGINT DEFAULT 0 NOT NULL,
    hash        TEXT DEFAULT '' NOT NULL,           -- own_hash of the entry there
    checked_at  TIMESTAMP WITH TIME ZONE,           -- the last look at all of it by the service itself
    breach      TEXT DEFAULT '' NOT NULL,           -- what that found; '': it was whole
    broken      BIGINT DEFAULT 0 NOT NULL           -- and where
);

-- Growing delay per account in a network, per network and per known device; key is a hash, so that no address is kept in clear.
CREATE TABLE login_throttle (
    key           TEXT NOT NULL PRIMARY KEY,
    failures      INTEGER NOT NULL,
    blocked_until TIMESTAMP WITH TIME ZONE NOT NULL     -- also the moment from which the failures fade
);

-- --------------------------------------------------------------------------------------------------------------------- calls

-- Whose calls a company has turned away: the telephone system does it, before anybody's phone rings.
CREATE TABLE blocked_caller (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    number       TEXT NOT NULL,                     -- E.164 with +
    reason       TEXT NOT NULL CONSTRAINT blocked_caller_reason CHECK (reason IN ('advertising', 'nuisance', 'other')),
    remark       TEXT DEFAULT '' NOT NULL,          -- for the company itself, not for agents
    account_id   TEXT REFERENCES account (id) ON DELETE SET NULL,   -- who blocked it; null: the operator's import
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT blocked_caller_once UNIQUE (customer_id, number)
);
CREATE INDEX blocked_caller_account ON blocked_caller (account_id);

-- outcome: open -> noted | closed | lost | abandoned; each of them -> open when an agent answers (again).
-- open: live, or ended and waiting for its note; noted: a note is saved; closed: left without a note, reason given;
-- abandoned: hung up before an agent answered; lost: the PBX lost it before. An answered call is neither of the two.
-- blocked, from the start and for good: turned away by the PBX, because the company has blocked this caller. No call of ours.
-- A call that falls back into the queue and is answered again is another conversation; each one takes its note.
CREATE TABLE call (
    id             TEXT NOT NULL PRIMARY KEY,
    pbx_call       TEXT NOT NULL UNIQUE,            -- Uniqueid of the caller's channel, with the PBX's name in front if it has one
    line_number    TEXT NOT NULL,                   -- as dialled
    customer_id    TEXT REFERENCES customer (id) ON DELETE CASCADE,     -- null: unassigned, the operator sees it
    unassigned_reason TEXT DEFAULT '' NOT NULL,
    caller_number  TEXT DEFAULT '' NOT NULL,        -- E.164; empty: withheld or unreadable
    caller_name    TEXT DEFAULT '' NOT NULL,        -- as signalled
    vip_id         TEXT,
    agent_id       TEXT REFERENCES agent (id) ON DELETE SET NULL,
    arrived_at     TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at    TIMESTAMP WITH TIME ZONE,
    ended_at       TIMESTAMP WITH TIME ZONE,
    outcome        TEXT DEFAULT 'open' NOT NULL CONSTRAINT call_outcome CHECK (outcome IN ('open', 'noted', 'closed', 'abandoned', 'lost', 'blocked')),
    closed_reason  TEXT DEFAULT '' NOT NULL,        -- CloseReason in rules/vocabulary.py
    conversation   TEXT DEFAULT '' NOT NULL,        -- the last one: Uniqueid of the leg of the agent who answered
    recalled       BOOLEAN DEFAULT FALSE NOT NULL,  -- answered while nobody of us saw it; the PBX told of it afterwards
    called_by      TEXT DEFAULT '' NOT NULL,        -- what told whose call it is: CalledBy in rules/calls/identify.py; '': not known
    forwarded_from TEXT DEFAULT '' NOT NULL,        -- the company's own number that told it, E.164
    ended_how      TEXT DEFAULT '' NOT NULL,        -- EndReason in rules/vocabulary.py; '': it lives, or is of an older program
    untold         BOOLEAN DEFAULT FALSE NOT NULL,  -- it has a note, and no version of any was told to anybody
    pbx            TEXT DEFAULT '' NOT NULL         -- [pbx] name of the PBX that has it; '': there is one only
);
CREATE INDEX call_customer ON call (customer_id, arrived_at);
CREATE INDEX call_caller ON call (customer_id, caller_number, arrived_at);
CREATE INDEX call_agent ON call (agent_id, arrived_at);
CREATE INDEX call_agent_open ON call (agent_id) WHERE outcome = 'open';
CREATE INDEX call_agent_customer ON call (agent_id, customer_id, answered_at);
CREATE INDEX call_customer_live ON call (customer_id) WHERE ended_at IS NULL;
CREATE INDEX call_day ON call (arrived_at, outcome, answered_at, ended_at, customer_id);   -- the day's figures, from here alone
CREATE INDEX call_live ON call (arrived_at) WHERE ended_at IS NULL;
CREATE INDEX call_untold ON call (arrived_at) WHERE untold;
CREATE INDEX call_open ON call (arrived_at, answered_at, ended_at, outcome) WHERE outcome = 'open';   -- the office counts them each minute
CREATE INDEX call_number ON call (caller_number, arrived_at);   -- whoever complains gives a number
CREATE INDEX call_line ON call (line_number, arrived_at);       -- when a line rang last

-- An agent's phone that rang for a call and did not get it: OfferGoneReason in rules/vocabulary.py. One that was answered
-- has no row, nor has one that stopped because a colleague was faster: nobody needs an explanation of these.
CREATE TABLE call_offer (
    id        TEXT NOT NULL PRIMARY KEY,
    call_id   TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    agent_id  TEXT REFERENCES agent (id) ON DELETE SET NULL,
    since     TIMESTAMP WITH TIME ZONE NOT NULL,
    until     TIMESTAMP WITH TIME ZONE NOT NULL,
    reason    TEXT NOT NULL CONSTRAINT call_offer_reason CHECK (reason IN ('answered_elsewhere', 'caller_gone', 'not_answered', 'picked'))
);
CREATE INDEX call_offer_call ON call_offer (call_id);
CREATE INDEX call_offer_agent ON call_offer (agent_id);

-- One row per employee rung. result: null while it runs, then joined | answered | declined | busy | no_answer | unreachable |
-- cancelled | refused | unknown. answered: picked up, by somebody or by a mailbox, and the agent went back alone; unknown: the link or this service was lost meanwhile; never guessed later.
CREATE TABLE attempt (
    id           TEXT NOT NULL PRIMARY KEY,         -- <pbx_call>-a<n>, the ActionID and ChannelId of its Originate
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    employee_id  TEXT REFERENCES employee (id) ON DELETE SET NULL,
    as_deputy    BOOLEAN DEFAULT FALSE NOT NULL,
    started_at   TIMESTAMP WITH TIME ZONE NOT NULL,
    answered_at  TIMESTAMP WITH TIME ZONE,
    ended_at     TIMESTAMP WITH TIME ZONE,
    result       TEXT CONSTRAINT attempt_result CHECK (result IN ('joined', 'answered', 'declined', 'busy', 'no_answer', 'unreachable', 'cancelled', 'refused', 'unknown')),
    asked_id     TEXT REFERENCES employee (id) ON DELETE SET NULL,       -- whom the caller wanted; another one than rung: a deputy
    number       TEXT DEFAULT '' NOT NULL,          -- of somebody outside, who is no employee: E.164, or an internal extension
    left_out     TEXT DEFAULT '' NOT NULL           -- of a deputy: why whom the caller wanted was not rung, a TransferRefusal; '': they were
);
CREATE INDEX attempt_call ON attempt (call_id);

-- What the time of an answered call goes on, from each turn on; before the first one agent and caller talk.
CREATE TABLE call_time (
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    since        TIMESTAMP WITH TIME ZONE NOT NULL,
    spent_on     TEXT CONSTRAINT call_time_spent_on CHECK (spent_on IN ('talk', 'hold', 'consultation', 'wrap_up', 'put_through')),  -- null: the caller waits for an agent again
    PRIMARY KEY (call_id, since)
);

-- ------------------------------------------------------------------------------------------------- notes and notifications

-- A saved note never changes: a correction is a new row that names the one it replaces. A call has as many notes that replace
-- none as conversations that were noted.
CREATE TABLE call_note (
    id               TEXT NOT NULL PRIMARY KEY,
    call_id          TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    customer_id      TEXT REFERENCES customer (id) ON DELETE CASCADE,     -- null: taken on a line that is not assigned yet
    agent_id         TEXT REFERENCES agent (id) ON DELETE SET NULL,
    replaces_id      TEXT UNIQUE REFERENCES call_note (id) ON DELETE CASCADE,
    caller_name      TEXT NOT NULL,
    caller_company   TEXT DEFAULT '' NOT NULL,
    callback_number  TEXT DEFAULT '' NOT NULL,
    concern          TEXT NOT NULL,
    fields           JSON NOT NULL,                 -- {key: text} of the customer's own fields
    urgent           BOOLEAN DEFAULT FALSE NOT NULL,
    callback_by_local TEXT DEFAULT '' NOT NULL,
    put_through_to   TEXT REFERENCES employee (id) ON DELETE SET NULL,  -- null: not put through
    message_to_caller TEXT DEFAULT '' NOT NULL,     -- what the employee had the agent say
    created_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    conversation     TEXT DEFAULT '' NOT NULL,      -- as in call; '' where it is not known
    revision         BIGINT DEFAULT 0 NOT NULL,     -- of the draft that it was: older letters that come late are in it
    callback_wanted  BOOLEAN DEFAULT TRUE NOT NULL, -- whether anybody is to call back
    sms_off          BOOLEAN DEFAULT FALSE NOT NULL -- an SMS was wanted while SMS were switched off: there is none
);
CREATE INDEX call_note_call ON call_note (call_id);
CREATE INDEX call_note_agent ON call_note (agent_id, created_at);
CREATE INDEX call_note_created ON call_note (created_at);  -- what is too old goes
CREATE INDEX call_note_customer ON call_note (customer_id, created_at);

-- What was typed so far: one draft of a call's new note, one of each note that is being corrected. Overwritten as it is typed,
-- deleted with the note's transaction; it outlives whoever typed it.
CREATE TABLE note_draft (
    id          TEXT NOT NULL PRIMARY KEY,          -- of the call, or of the note that is being corrected
    call_id     TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    note_id     TEXT REFERENCES call_note (id) ON DELETE CASCADE,   -- the version that is being corrected; null: a new note
    agent_id    TEXT REFERENCES agent (id) ON DELETE SET NULL,
    body        JSON NOT NULL,
    revision    BIGINT NOT NULL,                    -- the client's counter; an older one never overwrites a newer one
    changed_at  TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX note_draft_call ON note_draft (call_id);
CREATE INDEX note_draft_note ON note_draft (note_id);
CREATE INDEX note_draft_agent ON note_draft (agent_id);

CREATE TABLE note_recipient (
    note_id      TEXT NOT NULL REFERENCES call_note (id) ON DELETE CASCADE,
    employee_id  TEXT NOT NULL REFERENCES employee (id) ON DELETE CASCADE,
    PRIMARY KEY (note_id, employee_id)
);

-- What a caller said after the tone. The sound is a file beside the PBX's; without its row here it is deleted.
CREATE TABLE voice_message (
    id           TEXT NOT NULL PRIMARY KEY,         -- the file is called by it
    recording    TEXT NOT NULL UNIQUE,              -- as the PBX called it; so nothing is taken twice
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    note_id      TEXT NOT NULL UNIQUE REFERENCES call_note (id) ON DELETE CASCADE,   -- which tells of it
    seconds      INTEGER NOT NULL,
    at           TIMESTAMP WITH TIME ZONE NOT NULL  -- when the tone came
);
CREATE INDEX voice_message_call ON voice_message (call_id);

-- A caller for whom nobody was free asked, by a key, to be called back: an agent is offered that call before all who wait.
-- Open while done_at is null. Whom and whose it is says the call in which they asked.
CREATE TABLE call_back (
    id           TEXT NOT NULL PRIMARY KEY,
    wish         TEXT NOT NULL UNIQUE,              -- as the PBX called it; so nothing is taken twice
    call_id      TEXT NOT NULL REFERENCES call (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL, -- when the key was pressed
    tries        INTEGER DEFAULT 0 NOT NULL,        -- how often an agent rang in vain
    ring_call    TEXT DEFAULT '' NOT NULL,          -- the PBX's name of the call by which they are being rung; '': none
    rung_at      TIMESTAMP WITH TIME ZONE,          -- when the last of these began
    done_at      TIMESTAMP WITH TIME ZONE,
    done_how     TEXT CONSTRAINT call_back_done_how CHECK (done_how IN ('reached', 'noted', 'called_again', 'asked_before', 'not_reached', 'not_dialled', 'too_old', 'by_hand')),
    why          TEXT CONSTRAINT call_back_why CHECK (why IN ('nobody_free', 'closed', 'holiday')),   -- null: of before the upgrade to 49
    reason       TEXT DEFAULT '' NOT NULL          -- of whoever settled it by hand
);
CREATE INDEX call_back_call ON call_back (call_id);
CREATE INDEX call_back_open ON call_back (at) WHERE done_at IS NULL;
CREATE INDEX call_back_at ON call_back (at);

-- The outbox: written in the note's transaction, so that no note can be saved without its notifications. Invitations go
-- through it too; their text holds a key, so it is erased as soon as it is sent.
-- state: waiting -> sending -> sent -> delivered;  sending -> waiting (retry) | failed | uncertain.
-- A delivery report decides over sending, sent and uncertain: -> delivered | failed; it may come before our own "sent".
-- uncertain: nobody can know whether it went out; a person decides (uncertain -> waiting | sent). failed -> waiting: by a person.
CREATE TABLE notification (
    id            TEXT NOT NULL PRIMARY KEY,
    note_id       TEXT REFERENCES call_note (id) ON DELETE CASCADE,     -- null: about a log-in
    account_id    TEXT REFERENCES account (id) ON DELETE CASCADE,       -- of these: the log-in it is for
    customer_id   TEXT REFERENCES customer (id) ON DELETE CASCADE,      -- null: to somebody of the house
    employee_id   TEXT REFERENCES employee (id) ON DELETE SET NULL,     -- null: the customer's default address
    channel       TEXT NOT NULL CONSTRAINT notification_channel CHECK (channel IN ('email', 'sms')),
    kind          TEXT NOT NULL CONSTRAINT notification_kind CHECK (kind IN ('short', 'note', 'vip', 'correction', 'invitation', 'password', 'security')),
    address       TEXT NOT NULL,
    cc            JSON NOT NULL,                    -- list of addresses
    subject       TEXT DEFAULT '' NOT NULL,
    body_text     TEXT NOT NULL,
    body_html     TEXT DEFAULT '' NOT NULL,
    message_id    TEXT DEFAULT '' NOT NULL,         -- stable over retries
    state         TEXT DEFAULT 'waiting' NOT NULL
                  CONSTRAINT notification_state CHECK (state IN ('waiting', 'sending', 'sent', 'delivered', 'failed', 'uncertain')),
    attempts      INTEGER DEFAULT 0 NOT NULL,
    due_at        TIMESTAMP WITH TIME ZONE NOT NULL,
    lease_until   TIMESTAMP WITH TIME ZONE,         -- sending: whoever holds it; after that moment anybody may look
    gateway_id    TEXT DEFAULT '' NOT NULL,         -- the gateway's name for it, for delivery reports
    created_at    TIMESTAMP WITH TIME ZONE NOT NULL,
    finished_at   TIMESTAMP WITH TIME ZONE,
    report_token  TEXT DEFAULT '' NOT NULL,         -- of an SMS: the secret in the address where its gateway reports
    again_at      TIMESTAMP WITH TIME ZONE,         -- when a person last had it sent again; tries before that count no more
    is_copy       BOOLEAN DEFAULT FALSE NOT NULL,   -- a copy (cc) that fared differently from its mail, and is sent by itself
    reason        TEXT DEFAULT '' NOT NULL          -- why it goes out: Told in rules/outbox/notification.py; '': of no note, or older
);
CREATE INDEX notification_due ON notification (due_at) WHERE state IN ('waiting', 'sending');
CREATE INDEX notification_note ON notification (note_id);
CREATE INDEX notification_account ON notification (account_id);
CREATE INDEX notification_gateway ON notification (gateway_id) WHERE gateway_id <> '';
CREATE INDEX notification_report ON notification (report_token) WHERE report_token <> '';
CREATE INDEX notification_stuck ON notification (created_at) WHERE state IN ('failed', 'uncertain');
CREATE INDEX notification_customer ON notification (customer_id);
CREATE INDEX notification_unemptied ON notification (finished_at) WHERE address <> '';

-- outcome: null while it runs (written before sending), then sent | failed | uncertain
CREATE TABLE delivery_attempt (
    notification_id  TEXT NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
    number           INTEGER NOT NULL,
    started_at       TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at         TIMESTAMP WITH TIME ZONE,
    outcome          TEXT CONSTRAINT delivery_attempt_outcome CHECK (outcome IN ('sent', 'failed', 'uncertain')),
    detail           TEXT DEFAULT '' NOT NULL,      -- stable code and the server's answer, without addresses
    about            TEXT DEFAULT 'message' NOT NULL -- what a failure speaks of; server: it says nothing against the message
                     CONSTRAINT delivery_attempt_about CHECK (about IN ('address', 'message', 'server')),
    PRIMARY KEY (notification_id, number)
);

-- Of what the operator was told by mail or SMS, past the outbox: one row each time that something began to need a person. Open while
-- over_at is null, and then one of each cause at most.
CREATE TABLE alarm (
    id        TEXT NOT NULL PRIMARY KEY,
    cause     TEXT NOT NULL,                        -- Concern in rules/office/needs.py
    since     TIMESTAMP WITH TIME ZONE NOT NULL,    -- of the oldest matter, when it was told first
    first_at  TIMESTAMP WITH TIME ZONE NOT NULL,    -- told first
    told_at   TIMESTAMP WITH TIME ZONE NOT NULL,    -- told last
    told_by   TEXT NOT NULL CONSTRAINT alarm_told_by CHECK (told_by IN ('email', 'sms')),
    gone_at   TIMESTAMP WITH TIME ZONE,             -- not found since then; null: it is there
    over_at   TIMESTAMP WITH TIME ZONE              -- told that it is over
);
CREATE INDEX alarm_first ON alarm (first_at);

-- Answers to commands of the desk, so that the same command sent twice acts once.
CREATE TABLE desk_command (
    account_id  TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    id          TEXT NOT NULL,                      -- made by the client
    answer      JSON NOT NULL,
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (account_id, id)
);

-- ---------------------------------------------------------------------------------------------------------- what is paid for

-- The prices of a tariff from a day on; a version whose day is over is not changed any more.
CREATE TABLE tariff_terms (
    tariff_id            TEXT NOT NULL REFERENCES tariff (id) ON DELETE CASCADE,
    first_day            TEXT NOT NULL,             -- 2026-10-01, on the clock of each company
    base_micros          BIGINT DEFAULT 0 NOT NULL, -- this, the minimum and what is included: for a month
    minimum_micros       BIGINT DEFAULT 0 NOT NULL,
    included_calls       INTEGER DEFAULT 0 NOT NULL,
    included_seconds     INTEGER DEFAULT 0 NOT NULL,
    call_micros          BIGINT DEFAULT 0 NOT NULL,
    billed_from          INTEGER DEFAULT 0 NOT NULL, -- counted seconds; a shorter call is no call
    minute_micros        BIGINT DEFAULT 0 NOT NULL,
    step                 INTEGER DEFAULT 60 NOT NULL CONSTRAINT tariff_terms_step CHECK (step IN (1, 6, 10, 30, 60)),
    counted              TEXT DEFAULT 'talk' NOT NULL, -- which seconds count, kinds of time: "hold talk"
    put_through_minute_micros BIGINT DEFAULT 0 NOT NULL,
    sms_micros           BIGINT DEFAULT 100000 NOT NULL, -- of each part
    voice_message_micros BIGINT DEFAULT 0 NOT NULL,
    PRIMARY KEY (tariff_id, first_day)
);

-- The tariffs that a company had before the one it has: which one through which day (local).
CREATE TABLE former_tariff (
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    last_day     TEXT NOT NULL,
    tariff_id    TEXT NOT NULL REFERENCES tariff (id),
    PRIMARY KEY (customer_id, last_day)
);
CREATE INDEX former_tariff_tariff ON former_tariff (tariff_id);

-- The tariff that a company will have from a day on (local); then it stands in customer, and the row is gone.
CREATE TABLE coming_tariff (
    customer_id  TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    first_day    TEXT NOT NULL,
    tariff_id    TEXT NOT NULL REFERENCES tariff (id)
);
CREATE INDEX coming_tariff_tariff ON coming_tariff (tariff_id);
CREATE INDEX coming_tariff_day ON coming_tariff (first_day);

-- Between these moments a company has no contract, on its own clock the days between theirs; before the first one and after the last
-- one it has. Most companies have one row, through the day on which they were signed.
CREATE TABLE contract_gap (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    since        TIMESTAMP WITH TIME ZONE,          -- it ended; null: it was not signed yet
    until        TIMESTAMP WITH TIME ZONE           -- it was signed, or taken up again; null: it was not
);
CREATE INDEX contract_gap_customer ON contract_gap (customer_id);

-- What companies pay for, written once in the transaction of what happened, and never changed. The id names that, so nothing
-- counts twice. Holds no number and no name, and outlives the call. A wrap-up may end long before its call, or after it: it is
-- an event of its own, and counts with the call.
CREATE TABLE usage (
    id           TEXT NOT NULL PRIMARY KEY,         -- "call <id>", "wrap_up <id of the call> <conversation>", "sms <id of the notification>"
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL, -- of a call and its wrap-up: when it arrived; of an SMS: when it was sent
    kind         TEXT NOT NULL CONSTRAINT usage_kind CHECK (kind IN ('call', 'wrap_up', 'sms', 'voice_message')),
    call_id      TEXT,                              -- no reference: the call is erased before; null: of no call
    talk         INTEGER DEFAULT 0 NOT NULL,        -- seconds of a call, each kind by itself
    hold         INTEGER DEFAULT 0 NOT NULL,
    consultation INTEGER DEFAULT 0 NOT NULL,
    wrap_up      INTEGER DEFAULT 0 NOT NULL,
    put_through  INTEGER DEFAULT 0 NOT NULL,
    parts        INTEGER DEFAULT 1 NOT NULL         -- of an SMS
);
CREATE INDEX usage_customer ON usage (customer_id, at);
CREATE INDEX usage_call ON usage (call_id);
CREATE INDEX usage_day ON usage (at);                  -- the reports of the house

-- How much of what its tariff includes a company has used in one month, reckoned from usage beforehand, as pages cannot do that for all.
-- Each event adds a mark in its own transaction; whoever reckons takes away those that he saw. No row: nothing was used yet.
CREATE TABLE allowance (
    customer_id     TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    month           TEXT DEFAULT '' NOT NULL,       -- its first day, on the company's clock: 2026-10-01; '': not reckoned yet
    calls_used      INTEGER DEFAULT 0 NOT NULL,
    calls_included  INTEGER DEFAULT 0 NOT NULL,     -- 0: none are
    time_used       INTEGER DEFAULT 0 NOT NULL,     -- counted seconds, in steps
    time_included   INTEGER DEFAULT 0 NOT NULL,
    percent         INTEGER DEFAULT 0 NOT NULL,     -- the higher one of both; more than 100 where more was used
    marks           INTEGER DEFAULT 1 NOT NULL,
    reckoned_at     TIMESTAMP WITH TIME ZONE NOT NULL   -- before that: when the first event was
);
CREATE INDEX allowance_percent ON allowance (month, percent);
CREATE INDEX allowance_marked ON allowance (reckoned_at) WHERE marks > 0;

-- What an earlier statement had wrong, as one line more of a later one. A row is never changed: another one takes it back.
CREATE TABLE adjustment (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    day          TEXT NOT NULL,                     -- 2026-10-31: of whose month it is, on the company's clock
    cents        BIGINT NOT NULL,                   -- less than nothing is given back
    text         TEXT NOT NULL,                     -- what for, as the company reads it
    done_by      TEXT DEFAULT '' NOT NULL,          -- login of whoever wrote it
    at           TIMESTAMP WITH TIME ZONE NOT NULL
);
CREATE INDEX adjustment_customer ON adjustment (customer_id, day);

-- ---------------------------------------------------------------------------------------------------------- changing one's mind

-- What a change of a company's data replaced, kept for a day. Both sides are kept: undoing never overwrites a later change.
CREATE TABLE undo_step (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    account_id   TEXT REFERENCES account (id) ON DELETE SET NULL,
    deed         TEXT NOT NULL,                     -- code of what was done: employee_saved, employees_imported …
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    diff         JSON NOT NULL,                     -- [[table, "pair", before, after] …, [table, "link", row] …], one a line
    undone       BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX undo_step_customer ON undo_step (customer_id, at);

-- The rest of what a very large change replaced, in the same form.
CREATE TABLE undo_part (
    step_id      TEXT NOT NULL REFERENCES undo_step (id) ON DELETE CASCADE,
    place        INTEGER NOT NULL,                  -- from 1
    diff         JSON NOT NULL,
    PRIMARY KEY (step_id, place)
);

-- The way back of what belongs to no company (lines, teams), or is decided by the house alone; for a day, as undo_step.
CREATE TABLE house_step (
    id          TEXT NOT NULL PRIMARY KEY,          -- begins with "house-"
    account_id  TEXT REFERENCES account (id) ON DELETE SET NULL,
    deed        TEXT NOT NULL,                      -- code of what was done: lines_added, team_saved …
    told        TEXT DEFAULT '' NOT NULL,           -- what the access log says of it
    at          TIMESTAMP WITH TIME ZONE NOT NULL,
    diff        JSON NOT NULL,                      -- [what it could reach, [table, before, after] …], one a line
    undone      BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX house_step_account ON house_step (account_id);
CREATE INDEX house_step_at ON house_step (at);

-- A file that a company sent to be read in: open -> applied (applied_at), in the transaction that takes it over. So a service
-- that dies in between has taken over nothing, and reads the file again. Kept for an hour.
CREATE TABLE import_job (
    id           TEXT NOT NULL PRIMARY KEY,
    account_id   TEXT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    kind         TEXT NOT NULL CONSTRAINT import_job_kind CHECK (kind IN ('employees', 'vips')),
    content      TEXT NOT NULL,                     -- the file as text; '' once it is taken over
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    applied_at   TIMESTAMP WITH TIME ZONE,
    CONSTRAINT import_job_once UNIQUE (account_id, kind)
);
CREATE INDEX import_job_customer ON import_job (customer_id);

-- A way to set a password, the first one or instead of a forgotten one; good once, until it expires. A new one closes the old one.
CREATE TABLE invitation (
    token_hash  TEXT NOT NULL PRIMARY KEY,          -- SHA-256 of the token in the link
    account_id  TEXT NOT NULL UNIQUE REFERENCES account (id) ON DELETE CASCADE,
    expires_at  TIMESTAMP WITH TIME ZONE NOT NULL
);

-- Whoever leaves a company is looked for in all that names them; without these, ten thousand at once would take minutes.
CREATE INDEX employee_deputy ON employee (deputy_id);
CREATE INDEX vip_caller_employee ON vip_caller (employee_id);
CREATE INDEX account_employee ON account (employee_id);
CREATE INDEX attempt_employee ON attempt (employee_id);
CREATE INDEX attempt_asked ON attempt (asked_id);
CREATE INDEX call_note_put_through_to ON call_note (put_through_to);
CREATE INDEX note_recipient_employee ON note_recipient (employee_id);
CREATE INDEX notification_employee ON notification (employee_id);

-- What an agent should hear of who answered for the company before: kept for two weeks.
CREATE TABLE company_change (
    id           TEXT NOT NULL PRIMARY KEY,
    customer_id  TEXT NOT NULL REFERENCES customer (id) ON DELETE CASCADE,
    at           TIMESTAMP WITH TIME ZONE NOT NULL,     -- when it became known
    news         JSON NOT NULL,                         -- as rules/customers/change_feed.py has it
    employee_id  TEXT REFERENCES employee (id) ON DELETE CASCADE -- of whom it tells; null: of nobody, or that somebody is gone
);
CREATE INDEX company_change_at ON company_change (at);
CREATE INDEX company_change_customer ON company_change (customer_id);
CREATE INDEX company_change_employee ON company_change (employee_id);

-- How long a company's data stay, where that is not as long as the house keeps them (settings, [retention]); null: as the house.
CREATE TABLE company_retention (
    customer_id  TEXT NOT NULL PRIMARY KEY REFERENCES customer (id) ON DELETE CASCADE,
    note_days    INTEGER,
    call_days    INTEGER,
    outbox_days  INTEGER
);

-- What was erased or handed out, when, by whom, how many. Of whom is not said. Kept: it is the proof.
CREATE TABLE erasure (
    id           TEXT NOT NULL PRIMARY KEY,         -- of the rounds of a day, which are one line: "retention 2026-11-29"
    at           TIMESTAMP WITH TIME ZONE NOT NULL,
    kind         TEXT NOT NULL CONSTRAINT erasure_kind CHECK (kind IN ('retention', 'caller', 'employee', 'caller_export', 'employee_export')),
    customer_id  TEXT REFERENCES customer (id) ON DELETE SET NULL,  -- null: of all companies, or of one that is gone
    subject_id   TEXT DEFAULT '' NOT NULL,          -- what the employee's id was: nothing is written of them any more
    done_by      TEXT DEFAULT '' NOT NULL,          -- login of whoever did it; '': the clock
    counts       JSON NOT NULL,                     -- {"calls": 3, "notes": 2}
    pending      JSON                               -- while it is going on: of whom; null: it is done
);
CREATE INDEX erasure_pending ON erasure (at) WHERE pending IS NOT NULL;
CREATE INDEX erasure_at ON erasure (at);
CREATE INDEX erasure_customer ON erasure (customer_id);
CREATE INDEX erasure_subject ON erasure (subject_id);

INSERT INTO schema_version (version) VALUES (50);
INSERT INTO data_version (id, version) VALUES (1, 0);
INSERT INTO audit_head (id) VALUES (1);
