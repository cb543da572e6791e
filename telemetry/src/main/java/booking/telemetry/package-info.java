/** What the services tell of themselves. */
@NullMarked
package booking.telemetry;

import org.jspecify.annotations.NullMarked;
