/** What the desk answers: accepted or rejected, with the receipt that says who came first. */
@NullMarked
package booking.schemas.result;

import org.jspecify.annotations.NullMarked;
