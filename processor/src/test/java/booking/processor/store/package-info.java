/** What is kept, and what its failures call for. */
@NullMarked
package booking.processor.store;

import org.jspecify.annotations.NullMarked;
