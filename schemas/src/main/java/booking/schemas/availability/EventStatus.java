package booking.schemas.availability;

/** Whether an event takes bookings. */
public enum EventStatus {
    OPEN,
    CLOSED
}
