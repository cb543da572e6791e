/** The command that lets faults happen to a system of its own. */
@NullMarked
package booking.standalone.chaos;

import org.jspecify.annotations.NullMarked;
