package booking.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import booking.schemas.result.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ProblemCodeTest {
    @ParameterizedTest
    @EnumSource(Reason.class)
    void everyReasonHasAStatusOfTheClass4xx(Reason reason) {
        assertThat(ProblemCode.of(reason).status()).isBetween(400, 499);
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_COMMAND, 400",
        "COMMAND_ID_REUSED, 422",
        "EVENT_EXISTS, 409",
        "TIME_SLOT_TAKEN, 409",
        "EVENT_NOT_FOUND, 404",
        "VERSION_CONFLICT, 412",
        "BOOKING_NOT_FOUND, 404",
        "NOT_THE_OWNER, 403",
        "BOOKING_CANCELLED, 409",
        "HOLD_EXPIRED, 409",
        "ALREADY_CONFIRMED, 409",
        "HOLD_NOT_EXPIRED, 409",
        "EVENT_CLOSED, 409",
        "SALES_NOT_OPEN, 409",
        "SALES_CLOSED, 409",
        "USER_LIMIT_REACHED, 409",
        "ALREADY_BOOKED, 409",
        "SOLD_OUT, 409",
        "NOT_ENOUGH_SEATS, 409",
        "CAPACITY_BELOW_TAKEN, 409",
        "ALREADY_ON_WAITLIST, 409",
        "NOT_ON_WAITLIST, 409",
        "SEATS_AVAILABLE, 409",
    })
    void theStatusesAreThoseOfTheContract(Reason reason, int status) {
        assertThat(ProblemCode.of(reason).status()).isEqualTo(status);
    }

    @Test
    void theTableAboveIsComplete() {
        assertThat(Reason.values()).hasSize(23);
    }
}
