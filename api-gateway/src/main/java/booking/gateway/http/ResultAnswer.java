package booking.gateway.http;

import booking.schemas.command.Book;
import booking.schemas.command.Cancel;
import booking.schemas.command.CloseEvent;
import booking.schemas.command.Command;
import booking.schemas.command.Confirm;
import booking.schemas.command.CreateEvent;
import booking.schemas.command.ExpireHold;
import booking.schemas.command.Hold;
import booking.schemas.command.JoinWaitlist;
import booking.schemas.command.LeaveWaitlist;
import booking.schemas.command.UpdateEvent;
import booking.schemas.result.Accepted;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Turns the result of a command into the answer to the request that asked for it. */
final class ResultAnswer {
    private static final ResultDecoder DECODER = new ResultDecoder();

    private ResultAnswer() {}

    /**
     * Answers with a result.
     *
     * @param json the result as it was published; it is passed on as it is
     * @throws org.apache.kafka.common.errors.SerializationException when it is not a result that this version knows
     */
    static void write(HttpServerResponse response, Command command, byte[] json) {
        Result result = DECODER.decode(json);
        if (result instanceof Rejected rejected) {
            Answers.problem(
                    response,
                    Problem.of(ProblemCode.of(rejected.reason()), rejected.detail())
                            .about(command.commandId())
                            .withResult(json));
        } else if (result instanceof Accepted accepted) {
            int status = command.match(new Success(response, accepted));
            Answers.commandId(response, command.commandId());
            Answers.json(response, status, json);
        }
    }

    /** Gives the status of a success, after setting the headers that belong to it. */
    private record Success(HttpServerResponse response, Accepted accepted) implements Command.Cases<Integer> {
        private static final int CREATED = 201;
        private static final int DONE = 200;

        @Override
        public Integer createEvent(CreateEvent command) {
            response.putHeader(HttpHeaders.LOCATION, "/v1/events/" + command.eventId());
            return CREATED;
        }

        @Override
        public Integer updateEvent(UpdateEvent command) {
            return DONE;
        }

        @Override
        public Integer closeEvent(CloseEvent command) {
            return DONE;
        }

        @Override
        public Integer book(Book command) {
            return newBooking();
        }

        @Override
        public Integer hold(Hold command) {
            return newBooking();
        }

        @Override
        public Integer confirm(Confirm command) {
            return DONE;
        }

        @Override
        public Integer cancel(Cancel command) {
            return DONE;
        }

        @Override
        public Integer expireHold(ExpireHold command) {
            return DONE;
        }

        @Override
        public Integer joinWaitlist(JoinWaitlist command) {
            return DONE;
        }

        @Override
        public Integer leaveWaitlist(LeaveWaitlist command) {
            return DONE;
        }

        private int newBooking() {
            accepted.booking()
                    .ifPresent(bookingId -> response.putHeader(
                            HttpHeaders.LOCATION, "/v1/events/" + accepted.eventId() + "/bookings/" + bookingId));
            return CREATED;
        }
    }
}
