/** The gateway as a whole, on a real broker and a real PostgreSQL. */
@NullMarked
package booking.gateway;

import org.jspecify.annotations.NullMarked;
