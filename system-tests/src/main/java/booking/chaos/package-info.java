/** The whole system as real processes, under load, with its parts being killed: do the promises hold? */
@NullMarked
package booking.chaos;

import org.jspecify.annotations.NullMarked;
