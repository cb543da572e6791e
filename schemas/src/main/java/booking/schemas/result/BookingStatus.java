package booking.schemas.result;

/** Where a booking stands. */
public enum BookingStatus {
    /** Its seats are taken. */
    CONFIRMED,
    /** Its seats are taken until it is confirmed, cancelled or its time is over. */
    HELD,
    /** Its seats were given back. */
    CANCELLED,
    /** It was a hold whose time is over; its seats were given back. */
    EXPIRED
}
