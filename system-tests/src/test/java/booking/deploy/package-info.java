/** What deploy/ and docker-compose.yml say, held against what they are for. */
@NullMarked
package booking.deploy;

import org.jspecify.annotations.NullMarked;
