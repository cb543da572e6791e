/** Waits for results: those who wait, and the tail of the results topic that completes them. */
@NullMarked
package booking.gateway.await;

import org.jspecify.annotations.NullMarked;
