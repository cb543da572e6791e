/** Who calls, and what they may do: API keys from a file, and tokens of an identity provider. */
@NullMarked
package booking.gateway.access;

import org.jspecify.annotations.NullMarked;
