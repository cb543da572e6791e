-- Holds that run out, limits for each user, sales windows, and the line of those who wait.

ALTER TABLE events
    ADD COLUMN per_user_limit integer,
    ADD COLUMN sales_open_at  timestamptz,
    ADD COLUMN sales_close_at timestamptz,
    -- How many stand in the line, so that nobody looks for a line where there is none.
    ADD COLUMN waiting        integer NOT NULL DEFAULT 0,
    ADD CONSTRAINT events_limit_allows_a_seat CHECK (per_user_limit >= 1),
    ADD CONSTRAINT events_sales_open_before_they_close CHECK (sales_open_at < sales_close_at),
    ADD CONSTRAINT events_sales_times_are_readable CHECK (
        sales_open_at BETWEEN '0001-01-01T00:00:00Z' AND '9999-12-31T23:59:59.999999Z'
        AND sales_close_at BETWEEN '0001-01-01T00:00:00Z' AND '9999-12-31T23:59:59.999999Z'),
    ADD CONSTRAINT events_line_is_counted CHECK (waiting >= 0);

ALTER TABLE bookings
    -- The first instant at which a hold no longer takes its seats.
    ADD COLUMN hold_expires_at timestamptz,
    DROP CONSTRAINT bookings_status_is_known,
    ADD CONSTRAINT bookings_status_is_known CHECK (status IN ('HELD', 'CONFIRMED', 'CANCELLED', 'EXPIRED')),
    ADD CONSTRAINT bookings_holds_run_out CHECK ((status = 'HELD') = (hold_expires_at IS NOT NULL)),
    -- A hold that runs out is written as changed at that time.
    ADD CONSTRAINT bookings_holds_end_in_time CHECK (
        hold_expires_at BETWEEN '1970-01-01T00:00:00Z' AND '9999-12-31T23:59:59.999999Z');

-- A hold that ran out gives its place back, as a cancelled booking does.
DROP INDEX bookings_one_place_is_sold_once;
CREATE UNIQUE INDEX bookings_one_place_is_sold_once ON bookings (event_id)
    WHERE one_place AND status IN ('HELD', 'CONFIRMED');

-- What one user has. Short keys, as every booking pays for this: with the event in it, or with the bookings of an event in
-- the order of their ids, a seventh fewer bookings were made in a second.
CREATE INDEX bookings_by_user ON bookings (user_id);

-- The holds that run out next: everywhere, and of one event.
CREATE INDEX bookings_holds_by_end ON bookings (hold_expires_at) WHERE status = 'HELD';
CREATE INDEX bookings_holds_by_event ON bookings (event_id, hold_expires_at) WHERE status = 'HELD';

-- Events whose line may have to be served.
CREATE INDEX events_with_a_line ON events (id) WHERE waiting > 0;

-- Who waits for seats. Who is served or leaves is taken off; the outcomes tell what became of it.
CREATE TABLE waitlist (
    -- The id of the command that joined.
    id        uuid        PRIMARY KEY,
    event_id  text        NOT NULL REFERENCES events (id),
    user_id   text        NOT NULL,
    quantity  integer     NOT NULL,
    -- The version that the event got by the joining: the order of the line.
    place     bigint      NOT NULL,
    joined_at timestamptz NOT NULL,
    CONSTRAINT waitlist_user_has_a_length CHECK (char_length(user_id) BETWEEN 1 AND 128),
    CONSTRAINT waitlist_wants_seats CHECK (quantity >= 1),
    CONSTRAINT waitlist_one_place_each UNIQUE (event_id, user_id),
    CONSTRAINT waitlist_is_a_line UNIQUE (event_id, place)
);

GRANT SELECT, INSERT, DELETE ON waitlist TO ${applicationRole};
GRANT SELECT ON waitlist TO ${readerRole};
