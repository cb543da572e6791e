/** Tests with real servers. */
@NullMarked
package booking.embedded;

import org.jspecify.annotations.NullMarked;
