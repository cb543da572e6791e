/** Asks of a running system whether it keeps its promises. */
@NullMarked
package booking.standalone.audit;

import org.jspecify.annotations.NullMarked;
