/** Tests on a real broker and a real PostgreSQL. */
@NullMarked
package booking.processor;

import org.jspecify.annotations.NullMarked;
