package booking.processor.stream;

import booking.processor.ProcessorSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the Kafka transactions of processors that are gone. Until it is ended, such a transaction holds back all readers of
 * committed results, and the offsets in it hold back whoever has the partitions now; by themselves the brokers end it only
 * when its time is up.
 *
 * <p>What is safe does not rest on this: whose transaction is ended by mistake finds itself fenced, and begins anew from
 * what was committed last. See docs/decisions/0007.
 */
public final class AbandonedTransactions implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);

    private static final Duration PAUSE = Duration.ofMillis(500);
    /** Those that are open for longer are looked at; at work, one is open for a tenth of this. */
    static final Duration OPEN_FOR = Duration.ofSeconds(1);

    private static final Duration ANSWER_WAIT = Duration.ofSeconds(5);

    private final String group;
    /** As Kafka Streams names them, with exactly-once v2: application, process, thread. */
    private final Pattern transactionalId;

    private final Pattern memberClientId;
    private final Admin admin;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "abandoned-transactions");
        thread.setDaemon(true);
        return thread;
    });

    private Set<Open> withoutOwner = Set.of();
    private boolean failing;
    private boolean ownersUnknown;

    /** A thread of Kafka Streams in one process of the group. */
    private record Owner(String process, String thread) {
        static Optional<Owner> of(Pattern pattern, String name) {
            Matcher matcher = pattern.matcher(name);
            return matcher.matches()
                    ? Optional.of(new Owner(matcher.group("process"), matcher.group("thread")))
                    : Optional.empty();
        }
    }

    /** A transaction that is open; one that follows it under this id, from a process that came back, is not told apart. */
    private record Open(String transactionalId, long producerId, Owner owner) {}

    public AbandonedTransactions(ProcessorSettings settings) {
        this.group = settings.group();
        String process = Pattern.quote(group) + "-(?<process>[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})-";
        this.transactionalId = Pattern.compile(process + "(?<thread>[0-9]+)");
        this.memberClientId = Pattern.compile(process + "StreamThread-(?<thread>[0-9]+)-consumer");
        Map<String, Object> properties = new HashMap<>(settings.kafka().clientProperties());
        properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER_WAIT.toMillis() / 2));
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Math.toIntExact(ANSWER_WAIT.toMillis()));
        this.admin = Admin.create(properties);
    }

    /** Starts to look for them; returns at once. */
    public void start() {
        var unused = worker.scheduleWithFixedDelay(
                this::lookAndCarryOn, PAUSE.toMillis(), PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void lookAndCarryOn() {
        try {
            for (String ended : look()) {
                LOG.info("Ended Kafka transaction {}, whose processor is gone", ended);
            }
            if (failing) {
                LOG.info("Abandoned Kafka transactions are looked for again");
            }
            failing = false;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if (!failing) {
                LOG.warn(
                        "Abandoned Kafka transactions could not be looked for, or not ended; trying again. Until then "
                                + "the brokers end them, when their time is up",
                        e);
            }
            failing = true;
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Ends those that were open without an owner at the look before, and still are.
     *
     * @return the transactional ids of those it ended
     */
    Set<String> look() throws ExecutionException, TimeoutException, InterruptedException {
        // First the transactions, then the members: who has begun one was a member then, and who is none by now has
        // lost
        // its partitions since. The other way round, a processor that joins in between would seem to be none.
        Set<Open> open = open();
        if (!open.isEmpty()) {
            Optional<Set<Owner>> members = members();
            open = members.isEmpty()
                    ? Set.of()
                    : open.stream()
                            .filter(it -> !members.get().contains(it.owner()))
                            .collect(Collectors.toSet());
        }
        Set<String> abandoned = open.stream()
                // The coordinator may just have changed, and not know all yet; and who left orderly is about to be
                // done.
                .filter(withoutOwner::contains)
                .map(Open::transactionalId)
                .collect(Collectors.toSet());
        withoutOwner = open;
        if (!abandoned.isEmpty()) {
            admin.fenceProducers(abandoned).all().get(ANSWER_WAIT.toMillis(), TimeUnit.MILLISECONDS);
        }
        return abandoned;
    }

    private Set<Open> open() throws ExecutionException, TimeoutException, InterruptedException {
        var byBroker = answer(admin.listTransactions(new ListTransactionsOptions()
                        .filterStates(Set.of(TransactionState.ONGOING))
                        .filterOnDuration(OPEN_FOR.toMillis()))
                .byBrokerId());
        List<TransactionListing> listed = new ArrayList<>();
        Optional<ExecutionException> unanswered = Optional.empty();
        for (KafkaFuture<Collection<TransactionListing>> answer : byBroker.values()) {
            try {
                listed.addAll(answer(answer));
            } catch (ExecutionException e) {
                unanswered = Optional.of(e);
            }
        }
        // A broker that is away is no reason to leave alone what the others know of.
        if (listed.isEmpty() && unanswered.isPresent()) {
            throw unanswered.get();
        }
        Set<Open> open = new HashSet<>();
        for (TransactionListing transaction : listed) {
            Owner.of(transactionalId, transaction.transactionalId())
                    .ifPresent(owner ->
                            open.add(new Open(transaction.transactionalId(), transaction.producerId(), owner)));
        }
        return open;
    }

    /** The group's members, also those that are just taking part in a rebalance; empty when one of them cannot be told. */
    private Optional<Set<Owner>> members() throws ExecutionException, TimeoutException, InterruptedException {
        Set<Owner> members = new HashSet<>();
        for (MemberDescription member : describedMembers()) {
            Optional<Owner> owner = Owner.of(memberClientId, member.clientId());
            if (owner.isEmpty()) {
                if (!ownersUnknown) {
                    LOG.warn(
                            "A processor has client id {}, which does not tell its process, so Kafka transactions of "
                                    + "processors that are gone are left to the brokers; do not set "
                                    + "BOOKING_KAFKA_CLIENT_ID for processors",
                            member.clientId());
                }
                ownersUnknown = true;
                return Optional.empty();
            }
            members.add(owner.get());
        }
        ownersUnknown = false;
        return Optional.of(members);
    }

    private Collection<MemberDescription> describedMembers()
            throws ExecutionException, TimeoutException, InterruptedException {
        try {
            return answer(admin.describeClassicGroups(List.of(group)).all().thenApply(groups -> groups.get(group)))
                    .members();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }

    private static <T> T answer(KafkaFuture<T> answer)
            throws ExecutionException, TimeoutException, InterruptedException {
        return answer.get(ANSWER_WAIT.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        worker.shutdownNow();
        admin.close(Duration.ofSeconds(5));
    }
}
