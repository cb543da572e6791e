/** The {@code booking} command line. */
@NullMarked
package booking.standalone;

import org.jspecify.annotations.NullMarked;
