package booking.gateway.http;

/** Ends the handling of a request with a problem; thrown where a request is read, and turned into its answer. */
final class RequestRefused extends RuntimeException {
    private final transient Problem problem;

    RequestRefused(Problem problem) {
        // The place where a client's mistake was found is no news.
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    RequestRefused(ProblemCode code, String detail) {
        this(Problem.of(code, detail));
    }

    Problem problem() {
        return problem;
    }
}
