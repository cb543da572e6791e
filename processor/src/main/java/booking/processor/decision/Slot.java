package booking.processor.decision;

import java.time.Instant;

/** A venue at a date. Each belongs to one event at most. */
public record Slot(String venue, Instant date) {}
