/** Tests of this part alone. */
@NullMarked
package booking.gateway.read;

import org.jspecify.annotations.NullMarked;
