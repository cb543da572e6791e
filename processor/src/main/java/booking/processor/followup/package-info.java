/** The commands that time calls for rather than a client: holds that run out are ended, free seats are offered. */
@NullMarked
package booking.processor.followup;

import org.jspecify.annotations.NullMarked;
