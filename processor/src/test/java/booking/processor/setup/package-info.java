/** The setup step, and what it is told. */
@NullMarked
package booking.processor.setup;

import org.jspecify.annotations.NullMarked;
