/** What the same topics and tables can do at most: a loop that moves everything and has no rules. */
@NullMarked
package booking.benchmark.limit;

import org.jspecify.annotations.NullMarked;
