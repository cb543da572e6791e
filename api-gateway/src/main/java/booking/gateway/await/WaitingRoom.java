package booking.gateway.await;

import booking.gateway.follow.Published;
import booking.gateway.follow.Published.Kind;
import booking.schemas.result.Position;
import booking.telemetry.Meters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where requests wait for the results of the commands that they have written. It has a fixed number of places.
 *
 * <p>Several requests can wait for the same command id: a client's retry beside the first attempt, with the same content
 * or another. Each has written a record of its own and gets the answer to that record. Until it knows where its record
 * stands, which may be after the result has come, results of its command id are kept.
 */
public final class WaitingRoom {
    /** A client that repeats one command more often than this while nobody acknowledges it is told 202. */
    private static final int MOST_EARLY_RESULTS = 1_000;

    private final String commandsTopic;
    private final Semaphore places;
    private final Timer waits;
    // Every change of what belongs to a command id is made inside a compute of that id in the first map, so the two
    // maps
    // agree: a result finds who waits for it, or is kept while somebody of its command id may turn out to wait for it.
    private final Map<UUID, Unplaced> unplaced = new ConcurrentHashMap<>();
    private final Map<String, Waiter> placed = new ConcurrentHashMap<>();

    /**
     * A room with so many places.
     *
     * @param commandsTopic the topic whose records are answered
     */
    public WaitingRoom(String commandsTopic, int places, MeterRegistry meters) {
        this.commandsTopic = commandsTopic;
        this.places = new Semaphore(places);
        this.waits = Timer.builder("booking.results.wait")
                .description("From the entering of a request, before its command is sent, until its result is there")
                .serviceLevelObjectives(Meters.latencyBuckets())
                .register(meters);
        Gauge.builder("booking.waiting", this, room -> places - room.freePlaces())
                .description("Requests that wait for their results")
                .register(meters);
        Gauge.builder("booking.waiting.limit", () -> places)
                .description("How many requests may wait at the same time")
                .register(meters);
    }

    /** Takes a place, before the command is written, so that no result slips by; empty when all are taken. */
    public Optional<Waiter> enter(UUID commandId) {
        if (!places.tryAcquire()) {
            return Optional.empty();
        }
        Waiter waiter = new Waiter(commandId);
        unplaced.compute(commandId, (id, others) -> {
            Unplaced group = others == null ? new Unplaced() : others;
            group.waiters++;
            return group;
        });
        return Optional.of(waiter);
    }

    /** Hands the results among these to those who wait for them. */
    public void answer(List<Published> records) {
        for (Published record : records) {
            // Most gateways wait for few of all results; the others cost no more than this.
            if (unplaced.isEmpty() && placed.isEmpty()) {
                return;
            }
            if (record.kind() == Kind.RESULT) {
                answer(record);
            }
        }
    }

    private void answer(Published result) {
        Waiter waiter = placed.get(result.source());
        if (waiter == null) {
            Optional<UUID> commandId = uuid(result.id());
            if (commandId.isEmpty()) {
                return;
            }
            unplaced.computeIfPresent(commandId.get(), (id, group) -> {
                if (!placed.containsKey(result.source()) && group.early.size() < MOST_EARLY_RESULTS) {
                    group.early.put(result.source(), result.value());
                }
                return group;
            });
            // It may have found its place just before.
            waiter = placed.get(result.source());
        }
        if (waiter != null) {
            waiter.complete(result.value());
        }
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    int freePlaces() {
        return places.availablePermits();
    }

    /** Those with one command id who do not know yet where their records stand. */
    private static final class Unplaced {
        private int waiters;
        private final Map<String, byte[]> early = new HashMap<>();

        @Nullable
        Unplaced withoutOne() {
            waiters--;
            return waiters == 0 ? null : this;
        }
    }

    /** One request's place in the room. */
    public final class Waiter {
        private final UUID commandId;
        private final long enteredNanos = System.nanoTime();
        private final CompletableFuture<byte[]> answer = new CompletableFuture<>();
        private @Nullable String source;
        private boolean gone;

        private Waiter(UUID commandId) {
            this.commandId = commandId;
        }

        /** The result of the command that this request has written, JSON; never done when nobody decides it. */
        public CompletionStage<byte[]> answer() {
            return answer;
        }

        private void complete(byte[] result) {
            if (answer.complete(result)) {
                waits.record(System.nanoTime() - enteredNanos, TimeUnit.NANOSECONDS);
            }
        }

        /** Tells where the command stands. */
        public void publishedAt(Position position) {
            String record = "/" + commandsTopic + "/" + position.partition() + "/" + position.offset();
            AtomicReference<byte @Nullable []> early = new AtomicReference<>();
            unplaced.computeIfPresent(commandId, (id, group) -> {
                if (gone || source != null) {
                    return group;
                }
                source = record;
                byte[] result = group.early.get(record);
                if (result == null) {
                    placed.put(record, this);
                } else {
                    early.set(result);
                }
                return group.withoutOne();
            });
            byte[] result = early.get();
            if (result != null) {
                complete(result);
            }
        }

        /** Gives the place back; to be called once the request is answered or its client gone. */
        public void leave() {
            AtomicBoolean left = new AtomicBoolean();
            unplaced.compute(commandId, (id, group) -> {
                if (gone) {
                    return group;
                }
                gone = true;
                left.set(true);
                if (source != null) {
                    placed.remove(source, this);
                    return group;
                }
                return group == null ? null : group.withoutOne();
            });
            if (left.get()) {
                places.release();
            }
        }
    }
}
