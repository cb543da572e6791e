/** {@code booking start}: the whole system on this machine. */
@NullMarked
package booking.standalone.start;

import org.jspecify.annotations.NullMarked;
