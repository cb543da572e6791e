package booking.standalone.client;

/** Numbers of places in words. */
final class Places {
    private Places() {}

    static String inWords(int count) {
        return count == 1 ? "1 place" : count + " places";
    }
}
