package booking.processor.protocol;

/**
 * A processor instance.
 *
 * @param next what it does next
 * @param owner whether the group has given it the partition in the present generation; one that has lost it does not know
 * @param position the first command that is not forwarded
 * @param end behind the last command of the poll in hand
 * @param session its database transaction
 * @param read what it has read in that transaction
 * @param decided what it has decided
 * @param publication its Kafka transaction
 */
record Writer(
        Step next,
        boolean owner,
        int position,
        int end,
        Session session,
        Read read,
        Decided decided,
        Publication publication) {

    /** Of a database transaction. */
    enum Session {
        NONE,
        OPEN,
        /** Open, and the progress is locked. */
        FENCED,
        /** Ended by the server, which the writer learns with its next statement. */
        ENDED
    }

    /**
     * @param fence the first offset that was not decided before
     * @param outcomes for each command id what was answered before, or a dot
     * @param version of the books
     */
    record Read(int fence, String outcomes, int version) {
        static final Read NOTHING = new Read(0, Row.empty(Protocol.IDS), 0);
    }

    /**
     * @param answers for each command of the poll
     * @param outcomes for each command id what has to be saved, or a dot
     */
    record Decided(String answers, String outcomes) {
        static final Decided NOTHING = new Decided(Row.empty(Protocol.COMMANDS.length()), Row.empty(Protocol.IDS));
    }

    /**
     * @param open whether it has begun
     * @param results not yet committed
     * @param offset not yet committed, or -1
     * @param aborted by the brokers, which the writer learns with its next request
     */
    record Publication(boolean open, String results, int offset, boolean aborted) {
        static final Publication NONE = new Publication(false, Row.empty(Protocol.COMMANDS.length()), -1, false);
        static final Publication ABORTED = new Publication(true, NONE.results(), -1, true);

        boolean holdsBackOffsets() {
            return offset >= 0;
        }
    }

    /** One that takes no part; nothing of it is left. */
    static final Writer OUT =
            new Writer(Step.JOIN, false, 0, 0, Session.NONE, Read.NOTHING, Decided.NOTHING, Publication.NONE);

    static Writer joined() {
        return OUT.to(Step.FETCH_OFFSET).owning(true);
    }

    Writer to(Step step) {
        return new Writer(step, owner, position, end, session, read, decided, publication);
    }

    Writer owning(boolean owns) {
        return new Writer(next, owns, position, end, session, read, decided, publication);
    }

    Writer holding(int from, int to) {
        return new Writer(next, owner, from, to, session, read, decided, publication);
    }

    Writer in(Session other) {
        return new Writer(next, owner, position, end, other, read, decided, publication);
    }

    Writer having(Read other) {
        return new Writer(next, owner, position, end, session, other, decided, publication);
    }

    Writer having(Decided other) {
        return new Writer(next, owner, position, end, session, read, other, publication);
    }

    Writer having(Publication other) {
        return new Writer(next, owner, position, end, session, read, decided, other);
    }

    /** Without a database transaction and what was read and decided in it, at the first step of another one. */
    Writer retrying(Step first) {
        return in(Session.NONE).having(Read.NOTHING).having(Decided.NOTHING).to(first);
    }
}
