/** What the rules say, without any server. */
@NullMarked
package booking.processor.decision;

import org.jspecify.annotations.NullMarked;
