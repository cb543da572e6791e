/** The benchmark's command, and what becomes of its directory. */
@NullMarked
package booking.standalone.bench;

import org.jspecify.annotations.NullMarked;
