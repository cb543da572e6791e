@NullMarked
package booking.auditor;

import org.jspecify.annotations.NullMarked;
