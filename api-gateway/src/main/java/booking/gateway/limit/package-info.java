/** How much each caller may ask for. */
@NullMarked
package booking.gateway.limit;

import org.jspecify.annotations.NullMarked;
