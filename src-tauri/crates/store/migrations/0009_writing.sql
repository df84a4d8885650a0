-- What the user switches off of what a model is given in a conversation, and how models write in a project.

ALTER TABLE conversations ADD COLUMN left_out TEXT NOT NULL DEFAULT ''; -- parts, with commas between
ALTER TABLE projects ADD COLUMN mood TEXT CHECK (mood IN ('precise', 'balanced', 'imaginative')); -- NULL: as set for all
ALTER TABLE projects ADD COLUMN banned TEXT NOT NULL DEFAULT ''; -- phrases that are never written there, a line each

DROP VIEW listing;
-- A conversation is in the trash when it was put there, or its project was.
CREATE VIEW listing AS
SELECT c.id, c.project, c.position, c.title, c.instructions, c.draft, c.head, c.updated_at,
       coalesce(c.trashed_at, p.trashed_at) AS trashed_at, c.cloud_provider, c.cloud_model, c.left_out
FROM conversations c LEFT JOIN projects p ON p.id = c.project;
