/** Audits a running system from outside: what only the whole of it can tell. */
@NullMarked
package booking.standalone.audit;

import org.jspecify.annotations.NullMarked;
