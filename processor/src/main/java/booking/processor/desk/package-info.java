/** One poll of commands, decided in one database transaction. */
@NullMarked
package booking.processor.desk;

import org.jspecify.annotations.NullMarked;
