/** What the setup step is told. */
@NullMarked
package booking.processor.setup;

import org.jspecify.annotations.NullMarked;
