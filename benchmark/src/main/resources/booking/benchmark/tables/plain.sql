-- The tables that somebody makes for a plain booking application, with the same guarantees as the engine's: never more
-- booked than there is, one live booking for an event of one place, each request once.

CREATE TABLE events (
    id       text        PRIMARY KEY,
    name     text        NOT NULL,
    date     timestamptz NOT NULL,
    venue    text        NOT NULL DEFAULT 'main',
    capacity integer     NOT NULL DEFAULT 1,
    -- Seats that are booked or on hold.
    booked   integer     NOT NULL DEFAULT 0,
    waiting  integer     NOT NULL DEFAULT 0,
    version  bigint      NOT NULL DEFAULT 1,
    CONSTRAINT events_venue_and_date_are_free UNIQUE (venue, date),
    CONSTRAINT events_has_places CHECK (capacity >= 1),
    CONSTRAINT events_never_oversold CHECK (booked BETWEEN 0 AND capacity),
    CONSTRAINT events_line_is_counted CHECK (waiting >= 0)
)
-- Room to change a hot row in place.
WITH (fillfactor = 50);

CREATE TABLE bookings (
    -- The idempotency key of the request.
    id              uuid        PRIMARY KEY,
    event_id        text        NOT NULL REFERENCES events (id),
    user_id         text        NOT NULL,
    quantity        integer     NOT NULL DEFAULT 1,
    status          text        NOT NULL,
    hold_expires_at timestamptz,
    created_at      timestamptz NOT NULL DEFAULT now(),
    one_place       boolean     NOT NULL,
    CONSTRAINT bookings_take_places CHECK (quantity >= 1),
    CONSTRAINT bookings_status_is_known CHECK (status IN ('HELD', 'CONFIRMED', 'CANCELLED')),
    CONSTRAINT bookings_holds_run_out CHECK ((status = 'HELD') = (hold_expires_at IS NOT NULL))
);

CREATE UNIQUE INDEX bookings_one_place_is_sold_once ON bookings (event_id)
    WHERE one_place AND status IN ('HELD', 'CONFIRMED');
CREATE INDEX bookings_by_event ON bookings (event_id, created_at);
CREATE INDEX bookings_by_user ON bookings (user_id);

CREATE TABLE waitlist (
    id        uuid    PRIMARY KEY,
    event_id  text    NOT NULL REFERENCES events (id),
    user_id   text    NOT NULL,
    quantity  integer NOT NULL,
    place     bigint  GENERATED ALWAYS AS IDENTITY,
    CONSTRAINT waitlist_wants_seats CHECK (quantity >= 1),
    CONSTRAINT waitlist_one_place_each UNIQUE (event_id, user_id),
    CONSTRAINT waitlist_is_a_line UNIQUE (event_id, place)
);

GRANT SELECT, INSERT, UPDATE, DELETE ON events, bookings, waitlist TO booking_app;
