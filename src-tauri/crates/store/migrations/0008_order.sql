-- Pages and conversations of a project stand in one order, which the user sets. And what a key
-- changes of a page is a small row: its document lies in a table of its own.

ALTER TABLE conversations ADD COLUMN position INTEGER; -- among what its project holds; NULL: nobody placed it
ALTER TABLE pages ADD COLUMN size INTEGER NOT NULL DEFAULT 0; -- of the document as it was folded, in bytes
UPDATE pages SET size = length(CAST(document AS BLOB));

CREATE TABLE page_documents (
  page     INTEGER PRIMARY KEY REFERENCES pages (id) ON DELETE CASCADE,
  text     TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;
INSERT INTO page_documents (page, text, document) SELECT id, text, document FROM pages;

DROP TRIGGER page_inserted;
DROP TRIGGER page_updated;
DROP TRIGGER page_deleted;
DROP TABLE page_words;
ALTER TABLE pages DROP COLUMN document;
ALTER TABLE pages DROP COLUMN text;

CREATE VIEW page_texts AS
SELECT p.id, p.title, d.text FROM pages p JOIN page_documents d ON d.page = p.id;

CREATE VIRTUAL TABLE page_words USING fts5 (
  title, text, content = 'page_texts', content_rowid = 'id', prefix = '2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO page_words (page_words) VALUES ('rebuild');

CREATE TRIGGER page_written AFTER INSERT ON page_documents BEGIN
  INSERT INTO page_words (rowid, title, text) SELECT id, title, new.text FROM pages WHERE id = new.page;
END;
CREATE TRIGGER page_rewritten AFTER UPDATE OF text ON page_documents WHEN old.text <> new.text BEGIN
  INSERT INTO page_words (page_words, rowid, title, text)
    SELECT 'delete', id, title, old.text FROM pages WHERE id = old.page;
  INSERT INTO page_words (rowid, title, text) SELECT id, title, new.text FROM pages WHERE id = new.page;
END;
CREATE TRIGGER page_titled AFTER UPDATE OF title ON pages WHEN old.title <> new.title BEGIN
  INSERT INTO page_words (page_words, rowid, title, text)
    SELECT 'delete', page, old.title, text FROM page_documents WHERE page = old.id;
  INSERT INTO page_words (rowid, title, text)
    SELECT page, new.title, text FROM page_documents WHERE page = new.id;
END;
-- Before: what stands in it is still there.
CREATE TRIGGER page_deleted BEFORE DELETE ON pages BEGIN
  INSERT INTO page_words (page_words, rowid, title, text)
    SELECT 'delete', page, old.title, text FROM page_documents WHERE page = old.id;
END;
