/** Follows the topics of results and availability: what is published now, and what was published before. */
@NullMarked
package booking.gateway.follow;

import org.jspecify.annotations.NullMarked;
