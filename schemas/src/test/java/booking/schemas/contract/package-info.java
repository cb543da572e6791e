/** What is published, what is written and what is read are one contract. */
@NullMarked
package booking.schemas.contract;

import org.jspecify.annotations.NullMarked;
