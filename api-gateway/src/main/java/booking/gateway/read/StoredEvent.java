package booking.gateway.read;

import booking.schemas.availability.Availability;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An event as the tables have it.
 *
 * @param perUserLimit how many seats one user may have; empty when any number
 * @param salesOpenAt from when seats can be had; empty when from the start
 * @param salesCloseAt from when seats can be had no longer; empty when never
 */
public record StoredEvent(
        Availability availability,
        OptionalInt perUserLimit,
        Optional<Instant> salesOpenAt,
        Optional<Instant> salesCloseAt) {}
