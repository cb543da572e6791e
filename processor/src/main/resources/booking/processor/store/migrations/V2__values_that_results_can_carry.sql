-- What the tables take must fit into results and availability: of a value that does not, no answer could be made, and
-- every command for its event would wait behind it.

ALTER TABLE events
    ADD CONSTRAINT events_texts_have_a_length CHECK (
        char_length(name) BETWEEN 1 AND 255 AND char_length(venue) BETWEEN 1 AND 255),
    -- The upper end is the largest whole number that all readers of JSON agree on; it also leaves room to count on.
    ADD CONSTRAINT events_version_counts CHECK (version BETWEEN 1 AND 9007199254740991),
    ADD CONSTRAINT events_date_has_a_year CHECK (
        date BETWEEN '0001-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'),
    -- Kafka counts time from 1970.
    ADD CONSTRAINT events_were_written_at_a_time CHECK (
        created_at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'
        AND updated_at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00');

ALTER TABLE bookings
    ADD CONSTRAINT bookings_user_has_a_length CHECK (char_length(user_id) BETWEEN 1 AND 128),
    ADD CONSTRAINT bookings_were_written_at_a_time CHECK (
        created_at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00'
        AND updated_at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00');

ALTER TABLE outcomes
    ADD CONSTRAINT outcomes_were_decided_at_a_time CHECK (
        decided_at BETWEEN '1970-01-01 00:00:00+00' AND '9999-12-31 23:59:59.999999+00');
