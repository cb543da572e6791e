/** Keys for those who may call. */
@NullMarked
package booking.standalone.access;

import org.jspecify.annotations.NullMarked;
