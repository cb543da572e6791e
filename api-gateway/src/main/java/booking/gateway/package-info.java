/** The HTTP gateway: it turns requests into commands and results into answers, and decides nothing. */
@NullMarked
package booking.gateway;

import org.jspecify.annotations.NullMarked;
