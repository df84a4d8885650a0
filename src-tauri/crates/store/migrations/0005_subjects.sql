-- What an answer, an agreement or a picture belongs to is a subject: a conversation today, and
-- whatever else will ask for answers. Its kind is a word; where that refers to a table, a column that
-- is worked out from it does so, and another kind brings another such column.

-- An entry is opened before its question leaves, and says at every moment what is known by then.
ALTER TABLE ledger ADD COLUMN subject_kind TEXT;
ALTER TABLE ledger ADD COLUMN subject_id INTEGER;
ALTER TABLE ledger ADD COLUMN ended_at INTEGER; -- NULL: under way, or the app ended meanwhile
ALTER TABLE ledger ADD COLUMN ceiling INTEGER; -- what it counts as where its cost stays unknown
UPDATE ledger SET subject_kind = 'conversation', subject_id = conversation, ended_at = at;
ALTER TABLE ledger DROP COLUMN conversation;

ALTER TABLE journal ADD COLUMN subject_kind TEXT;
ALTER TABLE journal ADD COLUMN subject_id INTEGER;
ALTER TABLE journal ADD COLUMN ledger INTEGER; -- the entry of the answer that this is an attempt at
UPDATE journal SET subject_kind = 'conversation', subject_id = conversation WHERE conversation IS NOT NULL;
ALTER TABLE journal DROP COLUMN conversation;
CREATE INDEX journal_by_ledger ON journal (ledger) WHERE ledger IS NOT NULL;

-- What the user agreed may leave: of one subject, or of all in a project.
CREATE TABLE new_consents (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  subject_kind TEXT NOT NULL,
  subject_id   INTEGER NOT NULL,
  origin       TEXT NOT NULL,
  model        TEXT NOT NULL,
  kinds        TEXT NOT NULL, -- what kinds of content, sorted, with commas between
  left_out     TEXT NOT NULL, -- parts that the user struck out, with commas between
  given_at     INTEGER NOT NULL,
  conversation INTEGER GENERATED ALWAYS AS (CASE subject_kind WHEN 'conversation' THEN subject_id END) VIRTUAL
               REFERENCES conversations (id) ON DELETE CASCADE,
  project      INTEGER GENERATED ALWAYS AS (CASE subject_kind WHEN 'project' THEN subject_id END) VIRTUAL
               REFERENCES projects (id) ON DELETE CASCADE
) STRICT;
INSERT INTO new_consents (id, subject_kind, subject_id, origin, model, kinds, left_out, given_at)
SELECT id, CASE WHEN project IS NULL THEN 'conversation' ELSE 'project' END, coalesce(project, conversation),
       origin, model, kinds, left_out, given_at
FROM consents
-- What belongs to nobody, in a file that was mended by hand, does not keep the others from coming along.
WHERE conversation IN (SELECT id FROM conversations) OR project IN (SELECT id FROM projects);
DROP TABLE consents;
ALTER TABLE new_consents RENAME TO consents;
CREATE INDEX consents_by_conversation ON consents (conversation);
CREATE INDEX consents_by_project ON consents (project);

-- Files lie in the pictures' folder, named by what they hold; here is who shows them.
CREATE TABLE new_pictures (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  subject_kind TEXT NOT NULL,
  subject_id   INTEGER NOT NULL,
  message      INTEGER, -- of a conversation; NULL: with the draft
  file         TEXT NOT NULL,
  width        INTEGER NOT NULL,
  height       INTEGER NOT NULL,
  conversation INTEGER GENERATED ALWAYS AS (CASE subject_kind WHEN 'conversation' THEN subject_id END) VIRTUAL
               REFERENCES conversations (id) ON DELETE CASCADE,
  FOREIGN KEY (conversation, message) REFERENCES messages (conversation, id) ON DELETE CASCADE
) STRICT;
-- Ids are never used twice, also where the last ones are gone.
INSERT INTO sqlite_sequence (name, seq) SELECT 'new_pictures', seq FROM sqlite_sequence WHERE name = 'pictures';
INSERT INTO new_pictures (id, subject_kind, subject_id, message, file, width, height)
SELECT id, 'conversation', conversation, message, file, width, height FROM pictures p
WHERE conversation IN (SELECT id FROM conversations)
  AND (message IS NULL OR EXISTS (SELECT 1 FROM messages m WHERE m.conversation = p.conversation AND m.id = p.message));
DROP TABLE pictures;
ALTER TABLE new_pictures RENAME TO pictures;
CREATE INDEX pictures_by_message ON pictures (conversation, message);
