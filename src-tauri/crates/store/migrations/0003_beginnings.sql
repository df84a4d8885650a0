-- Words are found by their beginnings as she types. Without an index of these, all messages with
-- any word that begins so are gathered for each key: seconds, among a million. Three letters are
-- enough: what is longer is shared by few words.

DROP TABLE message_words;
CREATE VIRTUAL TABLE message_words USING fts5 (
  text, content = 'messages', content_rowid = 'id', prefix = '2 3',
  tokenize = 'unicode61 remove_diacritics 2'
);
-- Not by FTS5's own 'rebuild', which would take what is still being written too.
INSERT INTO message_words (rowid, text) SELECT id, text FROM messages WHERE state <> 'streaming';
