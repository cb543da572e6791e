/** Tests of this part alone. */
@NullMarked
package booking.gateway.send;

import org.jspecify.annotations.NullMarked;
