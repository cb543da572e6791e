@NullMarked
package booking.processor.followup;

import org.jspecify.annotations.NullMarked;
