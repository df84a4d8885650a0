-- Pages: documents, alone or in projects, with what is needed to take each key's change in at once
-- and to find earlier versions again. What a document is, the crate manuscript says.

ALTER TABLE projects ADD COLUMN hands_off INTEGER NOT NULL DEFAULT 0; -- no model's text comes onto its pages

CREATE TABLE pages (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  project    INTEGER REFERENCES projects (id),
  position   INTEGER NOT NULL, -- among those of its project
  title      TEXT NOT NULL DEFAULT '',
  part       TEXT NOT NULL DEFAULT '', -- the heading that it stands under
  language   TEXT NOT NULL DEFAULT '', -- empty: not said
  goal       INTEGER NOT NULL DEFAULT 0, -- words; 0: none
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  trashed_at INTEGER, -- one that lies in a trashed project is not marked itself
  revision   INTEGER NOT NULL DEFAULT 0, -- counts the steps ever taken in
  blocks     INTEGER NOT NULL, -- of the document at that revision
  folded     INTEGER NOT NULL DEFAULT 0, -- the revision of what follows; later steps wait beside it
  words      INTEGER NOT NULL,
  model_text INTEGER NOT NULL DEFAULT 0, -- the most letters by models that it ever had
  document   TEXT NOT NULL,
  text       TEXT NOT NULL
) STRICT;

CREATE INDEX pages_by_project ON pages (project, position);

-- The blocks from `start` on that make way, and those that come.
CREATE TABLE page_steps (
  page     INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL, -- of the page once it was taken in
  start    INTEGER NOT NULL,
  removed  INTEGER NOT NULL,
  blocks   TEXT NOT NULL,
  PRIMARY KEY (page, revision)
) STRICT, WITHOUT ROWID;

-- A version is a step from another, or, where it has no base, all of its blocks.
CREATE TABLE page_versions (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  page    INTEGER NOT NULL REFERENCES pages (id) ON DELETE CASCADE,
  at      INTEGER NOT NULL,
  name    TEXT, -- given by hand; such a version is never thinned out
  why     TEXT NOT NULL CHECK (why IN ('opened', 'working', 'accepted', 'restored', 'closed', 'named')),
  words   INTEGER NOT NULL,
  base    INTEGER REFERENCES page_versions (id) CHECK (base < id),
  start   INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  blocks  TEXT NOT NULL
) STRICT;

CREATE INDEX page_versions_by_page ON page_versions (page, id);
CREATE INDEX page_versions_by_base ON page_versions (base);

-- A page is in the trash when it was put there, or its project was.
CREATE VIEW page_listing AS
SELECT p.id, p.project, p.position, p.title, p.part, p.language, p.goal, p.updated_at, p.revision, p.words,
       coalesce(p.trashed_at, o.trashed_at) AS trashed_at
FROM pages p LEFT JOIN projects o ON o.id = p.project;

-- What the user has a model do again and again. One of no project is for all of them.
CREATE TABLE page_commands (
  id      INTEGER PRIMARY KEY AUTOINCREMENT,
  project INTEGER REFERENCES projects (id) ON DELETE CASCADE,
  name    TEXT NOT NULL,
  words   TEXT NOT NULL
) STRICT;

CREATE VIRTUAL TABLE page_words USING fts5 (
  title, text, content = 'pages', content_rowid = 'id', prefix = '2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);

CREATE TRIGGER page_inserted AFTER INSERT ON pages BEGIN
  INSERT INTO page_words (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER page_updated AFTER UPDATE OF title, text ON pages
WHEN old.title <> new.title OR old.text <> new.text BEGIN
  INSERT INTO page_words (page_words, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
  INSERT INTO page_words (rowid, title, text) VALUES (new.id, new.title, new.text);
END;
CREATE TRIGGER page_deleted AFTER DELETE ON pages BEGIN
  INSERT INTO page_words (page_words, rowid, title, text) VALUES ('delete', old.id, old.title, old.text);
END;
