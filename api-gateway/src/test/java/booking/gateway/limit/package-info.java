/** Tests of this part alone. */
@NullMarked
package booking.gateway.limit;

import org.jspecify.annotations.NullMarked;
