package booking.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;

/** The topics are made with the settings on which promises rest, whatever the cluster's defaults are. */
class TopicDefinitionsTest {
    private final List<NewTopic> topics =
            new TopicDefinitions(TopicNames.withPrefix("sale-2"), 24, (short) 3, 2, Duration.ofDays(3)).newTopics();

    @Test
    void theFourTopicsHaveTheNamesAndPartitionsAskedFor() {
        assertThat(topics)
                .extracting(NewTopic::name, NewTopic::numPartitions, NewTopic::replicationFactor)
                .containsExactly(
                        tuple("sale-2-commands", 24, (short) 3),
                        tuple("sale-2-results", 24, (short) 3),
                        tuple("sale-2-availability", 24, (short) 3),
                        tuple("sale-2-commands-dlq", 3, (short) 3));
    }

    @Test
    void noAcknowledgedRecordIsLostByALeaderThatLacksIt() {
        assertThat(topics)
                .allSatisfy(topic -> assertThat(topic.configs())
                        .containsEntry("min.insync.replicas", "2")
                        .containsEntry("unclean.leader.election.enable", "false"));
    }

    @Test
    void allButTheLatestStatesAreKeptForTheRetentionAndNoLonger() {
        for (String name : List.of("sale-2-commands", "sale-2-results", "sale-2-commands-dlq")) {
            assertThat(settings(name))
                    .containsEntry("cleanup.policy", "delete")
                    .containsEntry("retention.ms", "259200000");
        }
        assertThat(settings("sale-2-availability"))
                .containsEntry("cleanup.policy", "compact")
                .doesNotContainKey("retention.ms");
    }

    @Test
    void theBrokersClockSaysWhenACommandCame() {
        assertThat(settings("sale-2-commands")).containsEntry("message.timestamp.type", "LogAppendTime");
    }

    @Test
    void aDeadLetterHasRoomForTheLargestCommandAndWhyItIsThere() {
        int command = Integer.parseInt(settings("sale-2-commands").get("max.message.bytes"));
        int deadLetter = Integer.parseInt(settings("sale-2-commands-dlq").get("max.message.bytes"));

        assertThat(deadLetter).isGreaterThan(2 * command);
    }

    private Map<String, String> settings(String topic) {
        return topics.stream()
                .filter(one -> one.name().equals(topic))
                .findFirst()
                .orElseThrow()
                .configs();
    }
}
