package booking.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Finds in a result what is counted, without reading the rest: whoever asks shares the machine with those who answer, so
 * taking the answers has to cost little.
 */
final class ResultText {
    private static final byte[] COMMAND_ID = "\"commandId\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OUTCOME = "\"outcome\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH_OF_A_UUID = 36;
    private static final int START_OF_INDEX = 28;

    private final byte[] idStart;

    /** @param salt the first half of the ids of the commands that are waited for */
    ResultText(long salt) {
        idStart = new UUID(salt, 0).toString().substring(0, 19).getBytes(StandardCharsets.US_ASCII);
    }

    /** Which of the run's commands this answers; -1 when it is none of them. */
    int index(byte[] json) {
        int id = after(COMMAND_ID, json, 0);
        if (id < 0 || id + LENGTH_OF_A_UUID > json.length) {
            return -1;
        }
        for (int i = 0; i < idStart.length; i++) {
            if (json[id + i] != idStart[i]) {
                return -1;
            }
        }
        int index = 0;
        for (int i = id + START_OF_INDEX; i < id + LENGTH_OF_A_UUID; i++) {
            index = (index << 4) | Character.digit(json[i], 16);
        }
        return index;
    }

    /** Whether the command was granted. */
    static boolean isAccepted(byte[] json) {
        int outcome = after(OUTCOME, json, 0);
        return outcome > 0 && json[outcome] == 'A';
    }

    private static int after(byte[] text, byte[] json, int from) {
        for (int start = from; start <= json.length - text.length; start++) {
            int i = 0;
            while (i < text.length && json[start + i] == text[i]) {
                i++;
            }
            if (i == text.length) {
                return start + i;
            }
        }
        return -1;
    }
}
