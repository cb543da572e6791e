/** Tests. */
@NullMarked
package booking.benchmark.tables;

import org.jspecify.annotations.NullMarked;
