/** Publishes commands. */
@NullMarked
package booking.gateway.send;

import org.jspecify.annotations.NullMarked;
