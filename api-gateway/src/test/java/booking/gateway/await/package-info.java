/** Tests of this part alone. */
@NullMarked
package booking.gateway.await;

import org.jspecify.annotations.NullMarked;
