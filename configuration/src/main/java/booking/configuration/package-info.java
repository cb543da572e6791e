/** Settings: read once when a service starts, from {@code BOOKING_} variables, and passed on as records. */
@NullMarked
package booking.configuration;

import org.jspecify.annotations.NullMarked;
