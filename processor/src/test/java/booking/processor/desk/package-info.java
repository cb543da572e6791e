/** Whole polls of commands, decided on paper and on PostgreSQL. */
@NullMarked
package booking.processor.desk;

import org.jspecify.annotations.NullMarked;
