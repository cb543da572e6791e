/** Everything that is said to PostgreSQL: the statements, and beside them the migrations that made the tables. */
@NullMarked
package booking.processor.store;

import org.jspecify.annotations.NullMarked;
