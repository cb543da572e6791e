/** Requests and answers: routes, limits, problem details, and the live stream. */
@NullMarked
package booking.gateway.http;

import org.jspecify.annotations.NullMarked;
