/** The commands that are small clients of a gateway. */
@NullMarked
package booking.standalone.client;

import org.jspecify.annotations.NullMarked;
