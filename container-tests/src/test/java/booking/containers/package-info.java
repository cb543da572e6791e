/** The servers of the tests as containers. */
@NullMarked
package booking.containers;

import org.jspecify.annotations.NullMarked;
