/** Reads the tables, with a role that can do nothing else. */
@NullMarked
package booking.gateway.read;

import org.jspecify.annotations.NullMarked;
