/** What the audit finds, in histories that real processors made. */
@NullMarked
package booking.standalone.audit;

import org.jspecify.annotations.NullMarked;
