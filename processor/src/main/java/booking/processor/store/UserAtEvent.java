package booking.processor.store;

/** One user, as far as one event is concerned. */
public record UserAtEvent(String eventId, String userId) {}
