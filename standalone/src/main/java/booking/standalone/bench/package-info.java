/** Measuring. */
@NullMarked
package booking.standalone.bench;

import org.jspecify.annotations.NullMarked;
