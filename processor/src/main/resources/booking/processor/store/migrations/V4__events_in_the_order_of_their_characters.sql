-- The order in which events are listed is that of the characters of their ids, whatever the database's collation, so that
-- clients can keep a list in order by themselves.
CREATE INDEX events_by_id ON events (id COLLATE "C");
