package booking.processor.stream;

import booking.processor.desk.Answer;
import booking.processor.desk.BatchAnswers;
import booking.processor.desk.CommandBatch;
import booking.processor.desk.Desk;
import booking.processor.desk.Occasion;
import booking.schemas.availability.Availability;
import booking.schemas.availability.AvailabilityCodec;
import booking.telemetry.TraceParent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Has the desk decide what a poll brought, and forwards the answers. When it returns, the decisions are durable and all
 * answers are in the Kafka transaction that also moves the offsets; when it throws, nothing was forwarded.
 */
final class DeskProcessor extends ContextualProcessor<byte[], Poll, byte[], byte[]> {
    static final String RESULTS = "results";
    static final String AVAILABILITY = "availability";
    static final String DEAD_LETTERS = "dead-letters";

    private static final Logger LOG = LoggerFactory.getLogger(DeskProcessor.class);
    private static final AvailabilityCodec AVAILABILITY_CODEC = new AvailabilityCodec();

    private final Desk desk;
    private final ProgressComparison progress;
    private final CommandSpans spans;
    private final String commandsTopic;

    DeskProcessor(Desk desk, ProgressComparison progress, CommandSpans spans, String commandsTopic) {
        this.desk = desk;
        this.progress = progress;
        this.spans = spans;
        this.commandsTopic = commandsTopic;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        super.init(context);
        desk.takeOver(context.taskId().partition(), progress);
    }

    @Override
    public void process(Record<byte[], Poll> record) {
        Poll poll = record.value();
        int partition = context().taskId().partition();
        CommandBatch batch = poll.batch(partition);
        BatchAnswers decided = poll.answers(partition, desk);
        List<Answer> answers = decided.answers();
        // Before anything is forwarded, as nobody would ever ask again.
        answers.stream()
                .filter(Answer.Forgotten.class::isInstance)
                .map(Answer.Forgotten.class::cast)
                .findFirst()
                .ifPresent(forgotten -> progress.requireSameLog(partition, forgotten.decidedUpTo()));
        for (int i = 0; i < answers.size(); i++) {
            forward(batch.records().get(i), answers.get(i), decided.occasions().get(i), poll);
        }
        for (Availability availability : decided.availability()) {
            forward(partition, availability);
        }
        // Caught up: the senders wait for these answers, so publish them now. Under load the commit interval decides,
        // as a commit for each batch would halve the throughput.
        if (poll.isCaughtUp()) {
            context().commit();
        }
    }

    private void forward(ConsumerRecord<byte[], byte[]> command, Answer answer, Occasion occasion, Poll poll) {
        if (answer instanceof Answer.Result result) {
            Headers headers = OutgoingHeaders.ofResult(command, result);
            spans.answered(command, result, occasion, poll).ifPresent(span -> OutgoingHeaders.goOn(headers, span));
            context()
                    .forward(
                            new Record<>(
                                    utf8(result.eventId()),
                                    utf8(result.json()),
                                    result.decidedAt().toEpochMilli(),
                                    headers),
                            RESULTS);
        } else if (answer instanceof Answer.DeadLetter deadLetter) {
            spans.deadLetter(command, deadLetter, poll);
            context().forward(DeadLetters.of(command, deadLetter.why()), DEAD_LETTERS);
        } else if (answer instanceof Answer.Forgotten forgotten) {
            LoggingEventBuilder line = LOG.atInfo()
                    .setMessage("A command was answered so long ago that its outcome is no longer kept")
                    .addKeyValue("commandId", forgotten.commandId())
                    .addKeyValue("partition", command.partition())
                    .addKeyValue("offset", command.offset());
            TraceParent.addTo(line, CommandSpans.parent(command.headers()));
            line.log();
        }
    }

    private void forward(int partition, Availability availability) {
        context()
                .forward(
                        new Record<>(
                                utf8(availability.eventId()),
                                AVAILABILITY_CODEC.encode(availability),
                                availability.updatedAt().toEpochMilli(),
                                OutgoingHeaders.ofAvailability(commandsTopic, partition, availability)),
                        AVAILABILITY);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
