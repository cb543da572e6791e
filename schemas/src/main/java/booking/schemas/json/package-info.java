/** Reading JSON that strangers may have written. */
@NullMarked
package booking.schemas.json;

import org.jspecify.annotations.NullMarked;
