-- The tables that the desk keeps. The constraints here are the last guard: they hold even if every line of the
-- processor were wrong, and when somebody else writes to the tables.

CREATE TABLE events (
    id         text        PRIMARY KEY,
    name       text        NOT NULL,
    date       timestamptz NOT NULL,
    venue      text        NOT NULL DEFAULT 'main',
    capacity   integer     NOT NULL DEFAULT 1,
    confirmed  integer     NOT NULL DEFAULT 0,
    held       integer     NOT NULL DEFAULT 0,
    status     text        NOT NULL DEFAULT 'OPEN',
    version    bigint      NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    is_booked  boolean     NOT NULL GENERATED ALWAYS AS (confirmed + held >= capacity) STORED,
    -- Whether the event has one place only; bookings repeat it, see there.
    one_place  boolean     NOT NULL GENERATED ALWAYS AS (capacity = 1) STORED,
    CONSTRAINT events_id_is_readable CHECK (id ~ '^[A-Za-z0-9._:-]{1,128}$'),
    CONSTRAINT events_venue_and_date_are_free UNIQUE (venue, date),
    CONSTRAINT events_has_places CHECK (capacity >= 1),
    CONSTRAINT events_never_oversold CHECK (confirmed >= 0 AND held >= 0 AND confirmed::bigint + held <= capacity),
    CONSTRAINT events_status_is_known CHECK (status IN ('OPEN', 'CLOSED')),
    -- Not a rule of its own: the target of the bookings' foreign key.
    CONSTRAINT events_id_and_one_place UNIQUE (id, one_place)
)
-- Half of each page stays free, so that the counters of a hot event change in place, without touching an index.
WITH (fillfactor = 50);

CREATE TABLE bookings (
    -- The id of the command that made the booking.
    id         uuid        PRIMARY KEY DEFAULT gen_random_uuid(),
    event_id   text        NOT NULL,
    user_id    text        NOT NULL,
    quantity   integer     NOT NULL DEFAULT 1,
    status     text        NOT NULL DEFAULT 'CONFIRMED',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    -- The event's one_place. The foreign key makes sure that it is, so that the index below cannot be gone round.
    one_place  boolean     NOT NULL DEFAULT true,
    CONSTRAINT bookings_event_exists FOREIGN KEY (event_id, one_place) REFERENCES events (id, one_place)
        ON UPDATE CASCADE,
    CONSTRAINT bookings_take_places CHECK (quantity >= 1),
    CONSTRAINT bookings_status_is_known CHECK (status IN ('CONFIRMED', 'CANCELLED'))
);

-- An event of one place has at most one live booking.
CREATE UNIQUE INDEX bookings_one_place_is_sold_once ON bookings (event_id) WHERE one_place AND status <> 'CANCELLED';
CREATE INDEX bookings_by_event ON bookings (event_id, created_at);

-- What was answered to each command: a command sent again gets the same answer, and whoever lost an answer can ask.
CREATE TABLE outcomes (
    command_id  uuid        PRIMARY KEY,
    -- The first half of a SHA-256 over the command's content, to tell a repetition from another command.
    fingerprint bytea       NOT NULL,
    decided_at  timestamptz NOT NULL,
    -- The result as it was published, JSON.
    result      text        NOT NULL
);

CREATE INDEX outcomes_by_age ON outcomes (decided_at);

-- How far each partition of the commands has been decided. A topic that is made anew has another id.
CREATE TABLE partition_progress (
    topic_id    uuid    NOT NULL,
    partition   integer NOT NULL,
    next_offset bigint  NOT NULL,
    PRIMARY KEY (topic_id, partition),
    CONSTRAINT partition_progress_is_no_position CHECK (partition >= 0 AND next_offset >= 0)
)
WITH (fillfactor = 50);

GRANT SELECT, INSERT, UPDATE ON events, bookings, partition_progress TO ${applicationRole};
GRANT SELECT, INSERT, DELETE ON outcomes TO ${applicationRole};
GRANT SELECT ON events, bookings, outcomes, partition_progress TO ${readerRole};
