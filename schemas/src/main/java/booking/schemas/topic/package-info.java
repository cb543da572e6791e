/** Names, settings and headers of the topics. */
@NullMarked
package booking.schemas.topic;

import org.jspecify.annotations.NullMarked;
