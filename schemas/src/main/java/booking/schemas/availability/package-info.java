/** The latest state of an event, as the compacted topic carries it. */
@NullMarked
package booking.schemas.availability;

import org.jspecify.annotations.NullMarked;
