/** Tests of this part alone. */
@NullMarked
package booking.gateway.http;

import org.jspecify.annotations.NullMarked;
