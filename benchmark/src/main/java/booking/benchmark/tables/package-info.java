/** The tables of the alternatives, and all SQL on them. */
@NullMarked
package booking.benchmark.tables;

import org.jspecify.annotations.NullMarked;
