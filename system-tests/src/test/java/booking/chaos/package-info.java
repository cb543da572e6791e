@NullMarked
package booking.chaos;

import org.jspecify.annotations.NullMarked;
