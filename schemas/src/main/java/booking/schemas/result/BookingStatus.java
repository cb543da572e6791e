package booking.schemas.result;

/** Where a booking stands. */
public enum BookingStatus {
    /** Its seats are taken. */
    CONFIRMED,
    /** Its seats were given back. */
    CANCELLED
}
