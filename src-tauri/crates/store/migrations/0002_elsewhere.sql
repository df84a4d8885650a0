-- Pictures; answers made elsewhere, what they cost, and who agreed to what; every connection made.
-- Money is in billionths of a US dollar.

ALTER TABLE messages ADD COLUMN provider TEXT; -- of an answer made elsewhere, beside its model
ALTER TABLE messages ADD COLUMN backend TEXT;
ALTER TABLE messages ADD COLUMN reused_tokens INTEGER;
ALTER TABLE messages ADD COLUMN cost TEXT; -- how the cost is known
ALTER TABLE messages ADD COLUMN nano_usd INTEGER;
ALTER TABLE messages ADD COLUMN remark TEXT;

-- Where conversations go. Of a project: NULL, nowhere. Of one by itself: NULL, where its project
-- goes; empty, nowhere.
ALTER TABLE conversations ADD COLUMN cloud_provider TEXT;
ALTER TABLE conversations ADD COLUMN cloud_model TEXT;
ALTER TABLE projects ADD COLUMN cloud_provider TEXT;
ALTER TABLE projects ADD COLUMN cloud_model TEXT;
ALTER TABLE projects ADD COLUMN monthly_cap INTEGER;

DROP VIEW listing;
-- A conversation is in the trash when it was put there, or its project was.
CREATE VIEW listing AS
SELECT c.id, c.project, c.title, c.instructions, c.draft, c.head, c.updated_at,
       coalesce(c.trashed_at, p.trashed_at) AS trashed_at, c.cloud_provider, c.cloud_model
FROM conversations c LEFT JOIN projects p ON p.id = c.project;

-- Files lie in the pictures' folder, named by what they hold; here is who shows them.
CREATE TABLE pictures (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  message      INTEGER, -- NULL: with the draft
  file         TEXT NOT NULL,
  width        INTEGER NOT NULL,
  height       INTEGER NOT NULL,
  FOREIGN KEY (conversation, message) REFERENCES messages (conversation, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX pictures_by_message ON pictures (conversation, message);

-- What she agreed may leave: of one conversation, or of all in a project.
CREATE TABLE consents (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation INTEGER REFERENCES conversations (id) ON DELETE CASCADE,
  project      INTEGER REFERENCES projects (id) ON DELETE CASCADE,
  origin       TEXT NOT NULL,
  model        TEXT NOT NULL,
  kinds        TEXT NOT NULL, -- what kinds of content, sorted, with commas between
  left_out     TEXT NOT NULL, -- parts that she struck out, with commas between
  given_at     INTEGER NOT NULL,
  CHECK ((conversation IS NULL) <> (project IS NULL))
) STRICT;

CREATE INDEX consents_by_conversation ON consents (conversation);
CREATE INDEX consents_by_project ON consents (project);

-- These two outlive what they tell of, so they refer to nothing.
CREATE TABLE ledger (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  at                INTEGER NOT NULL,
  project           INTEGER,
  project_name      TEXT,
  conversation      INTEGER NOT NULL,
  provider          TEXT NOT NULL,
  backend           TEXT,
  model             TEXT NOT NULL,
  request           TEXT, -- the provider's name for it
  bytes             INTEGER NOT NULL,
  prompt_tokens     INTEGER,
  reused_tokens     INTEGER,
  completion_tokens INTEGER,
  cost              TEXT NOT NULL,
  nano_usd          INTEGER
) STRICT;

CREATE INDEX ledger_by_time ON ledger (at);

CREATE TABLE journal (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  purpose      TEXT NOT NULL,
  origin       TEXT NOT NULL,
  recipient    TEXT NOT NULL,
  why          TEXT NOT NULL,
  project      INTEGER,
  conversation INTEGER,
  bytes        INTEGER NOT NULL,
  closed_at    INTEGER, -- NULL: under way, or the app ended meanwhile
  bytes_out    INTEGER,
  bytes_in     INTEGER,
  status       INTEGER,
  ending       TEXT
) STRICT;
