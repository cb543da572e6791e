package booking.processor.desk;

import static org.assertj.core.api.Assertions.assertThat;

import booking.processor.BookingSystem;
import booking.schemas.command.CommandDecoder;
import booking.schemas.command.Decoded;
import booking.schemas.result.Accepted;
import booking.schemas.result.Position;
import booking.schemas.result.Rejected;
import booking.schemas.result.Result;
import booking.schemas.result.ResultDecoder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Plays a history at a desk. Every answer must be the model's, which is asked in the order in which the desk decides:
 * poll by poll, partition by partition. An answer that is given again must be the same to the letter.
 */
final class HistoryRun {
    private static final ResultDecoder RESULTS = new ResultDecoder();
    private static final CommandDecoder COMMANDS = new CommandDecoder();

    private final History history;
    private final Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk;
    private final CommandLog log = new CommandLog();
    private final NaiveModel model = new NaiveModel();
    private final Map<Position, String> given = new HashMap<>();
    private final Map<Integer, Integer> next = new TreeMap<>();
    private boolean predictable = true;

    HistoryRun(History history, Function<List<CommandBatch>, Map<Integer, BatchAnswers>> desk) {
        this.history = history;
        this.desk = desk;
        history.commands().forEach(written -> log.write(written.partition(), written.command()));
        for (int partition = 0; partition < History.PARTITIONS; partition++) {
            next.put(partition, 0);
        }
    }

    /** The same polls, without asking the model, as somebody else changes the tables too. */
    void playUnpredictably() {
        predictable = false;
        play();
    }

    void play() {
        for (History.Poll poll : history.polls()) {
            poll(poll.most(), poll.back());
        }
        poll(Integer.MAX_VALUE, 0);
        // And all of it once more, as by an instance that has lost its offsets.
        poll(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    private void poll(int most, int back) {
        List<CommandBatch> batches = new ArrayList<>();
        next.replaceAll((partition, end) -> {
            int from = Math.max(0, end - back);
            int to = (int) Math.min(log.size(partition), (long) from + most);
            if (from < to) {
                batches.add(log.batch(partition, from, to));
            }
            return to;
        });
        if (batches.isEmpty()) {
            return;
        }
        Map<Integer, BatchAnswers> answers = desk.apply(batches);
        assertThat(answers).hasSameSizeAs(batches);
        for (CommandBatch batch : batches) {
            require(
                    batch,
                    Objects.requireNonNull(answers.get(batch.partition())).answers());
        }
    }

    private void require(CommandBatch batch, List<Answer> answers) {
        assertThat(answers).hasSameSizeAs(batch.records());
        for (int i = 0; i < answers.size(); i++) {
            ConsumerRecord<byte[], byte[]> record = batch.records().get(i);
            String json = ((Answer.Result) answers.get(i)).json();
            String before = given.put(new Position(record.partition(), record.offset()), json);
            if (before == null && predictable) {
                assertThat(inWords(RESULTS.decode(BookingSystem.utf8(json))))
                        .as("answer to %s", BookingSystem.text(record.value()))
                        .isEqualTo(model.answer(
                                ((Decoded.Valid) COMMANDS.decode(record.key(), record.value())).command(),
                                Instant.ofEpochMilli(record.timestamp())));
            } else if (before != null) {
                assertThat(json).as("answer given again").isEqualTo(before);
            }
        }
    }

    private static String inWords(Result result) {
        String outcome = result instanceof Accepted accepted
                ? inWords(accepted)
                : ((Rejected) result).reason().name();
        return outcome
                + result.event()
                        .map(event -> " version " + event.version() + ", " + event.available() + " left, "
                                + event.held() + " held")
                        .orElse("");
    }

    private static String inWords(Accepted accepted) {
        return "accepted"
                + accepted.changed()
                        .map(booking -> " " + booking.status()
                                + booking.holdExpiresAt()
                                        .map(until -> " until " + until)
                                        .orElse(""))
                        .orElse("")
                + accepted.place()
                        .filter(place -> place.waitlistPosition().isPresent())
                        .map(place -> " place " + place.waitlistPosition().getAsInt())
                        .orElse("");
    }
}
