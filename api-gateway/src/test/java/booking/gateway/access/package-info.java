@NullMarked
package booking.gateway.access;

import org.jspecify.annotations.NullMarked;
