package booking.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metadata.PartitionRecord;
import org.apache.kafka.common.metadata.RegisterBrokerRecord;
import org.apache.kafka.common.metadata.TopicRecord;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.image.MetadataDelta;
import org.apache.kafka.image.MetadataImage;
import org.apache.kafka.image.MetadataProvenance;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.LeaderConstants;
import org.apache.kafka.server.common.KRaftVersion;
import org.junit.jupiter.api.Test;

class MarkersForOfflinePartitionsTest {
    private static final int BROKER = 7;
    private static final String LISTENER = "CLIENT";

    @Test
    void onlyAPartitionThatDoesNotExistIsTakenForDeleted() {
        MarkersForOfflinePartitions.install();
        MetadataDelta delta =
                new MetadataDelta.Builder().setImage(MetadataImage.EMPTY).build();
        RegisterBrokerRecord.BrokerEndpointCollection endpoints = new RegisterBrokerRecord.BrokerEndpointCollection();
        endpoints.add(new RegisterBrokerRecord.BrokerEndpoint()
                .setName(LISTENER)
                .setHost("127.0.0.1")
                .setPort(9092));
        delta.replay(new RegisterBrokerRecord().setBrokerId(BROKER).setEndPoints(endpoints));
        Uuid results = Uuid.randomUuid();
        delta.replay(new TopicRecord().setName("results").setTopicId(results));
        delta.replay(partition(results, 0, BROKER));
        delta.replay(partition(results, 1, LeaderConstants.NO_LEADER));
        KRaftMetadataCache cache = new KRaftMetadataCache(BROKER, () -> KRaftVersion.LATEST_PRODUCTION);
        cache.setImage(delta.apply(MetadataProvenance.EMPTY));
        ListenerName listener = new ListenerName(LISTENER);

        assertThat(cache.getPartitionLeaderEndpoint("results", 0, listener).map(Node::id))
                .contains(BROKER);
        assertThat(cache.getPartitionLeaderEndpoint("results", 1, listener)).contains(Node.noNode());
        assertThat(cache.getPartitionLeaderEndpoint("results", 2, listener)).isEmpty();
        assertThat(cache.getPartitionLeaderEndpoint("deleted", 0, listener)).isEmpty();

        assertThatThrownBy(MarkersForOfflinePartitions::install)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("KRaftMetadataCache");
    }

    private static PartitionRecord partition(Uuid topic, int partition, int leader) {
        return new PartitionRecord()
                .setTopicId(topic)
                .setPartitionId(partition)
                .setReplicas(List.of(BROKER))
                .setIsr(List.of(BROKER))
                .setLeader(leader);
    }
}
