-- What the user set, a row for each field, so that a change writes its own field alone. Values are
-- JSON; keys and values of a newer version stay as they are.
CREATE TABLE settings (
  key   TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- What is promised has its row from the beginning: one that is gone cannot be read, and counts as
-- closed.
INSERT INTO settings (key, value) VALUES
  ('offline_lock', 'false'), ('cloud.on', 'false'), ('cloud.confirmed', '[]'), ('cloud.monthly_cap', 'null');

-- An earlier version kept all this in a file, which has still to be read.
INSERT INTO settings (key, value)
SELECT 'settings_file', '"to be read"' WHERE EXISTS (SELECT 1 FROM starting_points);

-- What a second start hands to the window that is open already.
CREATE TABLE handed (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  arguments TEXT NOT NULL -- JSON
) STRICT;
