/** Tests. */
@NullMarked
package booking.benchmark;

import org.jspecify.annotations.NullMarked;
