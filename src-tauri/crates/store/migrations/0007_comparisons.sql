-- Two answers to one question, side by side, until the user says which goes on; then counted.

CREATE TABLE comparisons (
  id           INTEGER PRIMARY KEY AUTOINCREMENT,
  first        INTEGER REFERENCES messages (id) ON DELETE SET NULL, -- NULL: deleted for good
  second       INTEGER REFERENCES messages (id) ON DELETE SET NULL,
  hidden       INTEGER NOT NULL, -- 1: nobody says which is whose before one is chosen
  swapped      INTEGER NOT NULL, -- 1: the second is shown on the left
  began_at     INTEGER NOT NULL,
  chosen_at    INTEGER, -- NULL: not decided
  chosen       INTEGER CHECK (chosen IN (1, 2)), -- NULL, once decided: neither was better
  first_place  TEXT, -- who made them, once it is decided: what is counted outlives the messages
  first_model  TEXT,
  second_place TEXT,
  second_model TEXT
) STRICT;

CREATE INDEX comparisons_by_first ON comparisons (first);
CREATE INDEX comparisons_by_second ON comparisons (second);
