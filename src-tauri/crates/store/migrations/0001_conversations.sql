-- Conversations as trees of messages, projects, starting points, and the words to find them by.
-- Times are milliseconds since the Unix epoch, UTC. Ids are never used twice, so that
-- whoever still holds the id of something deleted finds nothing, not something else.

PRAGMA application_id = 0x536F7474; -- "Sott": this file is ours

CREATE TABLE projects (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  name       TEXT NOT NULL,
  notes      TEXT NOT NULL DEFAULT '',
  created_at INTEGER NOT NULL,
  trashed_at INTEGER
) STRICT;

CREATE TABLE conversations (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  project      INTEGER REFERENCES projects (id),
  title        TEXT NOT NULL DEFAULT '',
  instructions TEXT NOT NULL,
  draft        TEXT NOT NULL DEFAULT '',
  head         INTEGER, -- the last message of the branch on show
  created_at   INTEGER NOT NULL,
  updated_at   INTEGER NOT NULL,
  trashed_at   INTEGER, -- one that lies in a trashed project is not marked itself
  FOREIGN KEY (id, head) REFERENCES messages (conversation, id)
) STRICT;

-- A parent is older than its children and of the same conversation, so there are no
-- cycles, and ids ascend along every branch.
CREATE TABLE messages (
  id                INTEGER PRIMARY KEY AUTOINCREMENT,
  conversation      INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
  parent            INTEGER CHECK (parent < id),
  role              TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
  state             TEXT NOT NULL
                    CHECK (state IN ('streaming', 'complete', 'cut_at_length', 'stopped', 'interrupted')),
  place             TEXT, -- where and by what it was made, and what that took
  model             TEXT,
  prompt_tokens     INTEGER,
  completion_tokens INTEGER,
  reading_ms        INTEGER,
  writing_ms        INTEGER,
  created_at        INTEGER NOT NULL,
  text              TEXT NOT NULL, -- last: what precedes a long text is read without it
  UNIQUE (conversation, id),
  FOREIGN KEY (conversation, parent) REFERENCES messages (conversation, id)
) STRICT;

CREATE INDEX messages_by_parent ON messages (conversation, parent, role);
CREATE INDEX messages_streaming ON messages (id) WHERE state = 'streaming'; -- looked up at each start

CREATE TABLE starting_points (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  name         TEXT NOT NULL,
  description  TEXT NOT NULL,
  instructions TEXT NOT NULL,
  built_in     TEXT UNIQUE -- the key of the built-in one; NULL for her own
) STRICT;

-- A conversation is in the trash when it was put there, or its project was.
CREATE VIEW listing AS
SELECT c.id, c.project, c.title, c.instructions, c.draft, c.head, c.updated_at,
       coalesce(c.trashed_at, p.trashed_at) AS trashed_at
FROM conversations c LEFT JOIN projects p ON p.id = c.project;

-- The words of titles and messages. The text itself stays where it is (content=).
CREATE VIRTUAL TABLE title_words USING fts5 (
  title, content = 'conversations', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE message_words USING fts5 (
  text, content = 'messages', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER title_inserted AFTER INSERT ON conversations BEGIN
  INSERT INTO title_words (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER title_updated AFTER UPDATE OF title ON conversations BEGIN
  INSERT INTO title_words (title_words, rowid, title) VALUES ('delete', old.id, old.title);
  INSERT INTO title_words (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER title_deleted AFTER DELETE ON conversations BEGIN
  INSERT INTO title_words (title_words, rowid, title) VALUES ('delete', old.id, old.title);
END;

-- An answer is saved twice a second while it streams: its words are taken once, at its end.
CREATE TRIGGER message_inserted AFTER INSERT ON messages WHEN new.state <> 'streaming' BEGIN
  INSERT INTO message_words (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_updated AFTER UPDATE OF text, state ON messages
WHEN old.state <> 'streaming' OR new.state <> 'streaming' BEGIN
  INSERT INTO message_words (message_words, rowid, text)
    SELECT 'delete', old.id, old.text WHERE old.state <> 'streaming';
  INSERT INTO message_words (rowid, text) SELECT new.id, new.text WHERE new.state <> 'streaming';
END;
CREATE TRIGGER message_deleted AFTER DELETE ON messages WHEN old.state <> 'streaming' BEGIN
  INSERT INTO message_words (message_words, rowid, text) VALUES ('delete', old.id, old.text);
END;
