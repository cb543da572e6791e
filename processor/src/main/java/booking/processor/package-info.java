/** The processor: reads booking commands, decides them in PostgreSQL, and publishes the results. */
@NullMarked
package booking.processor;

import org.jspecify.annotations.NullMarked;
