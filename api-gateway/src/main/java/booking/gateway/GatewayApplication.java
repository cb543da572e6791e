package booking.gateway;

import booking.configuration.SettingsException;
import booking.gateway.access.Callers;
import booking.gateway.await.WaitingRoom;
import booking.gateway.engine.BatchWatch;
import booking.gateway.engine.DeadLetterTail;
import booking.gateway.engine.DecisionMeters;
import booking.gateway.follow.PastRecords;
import booking.gateway.follow.Positions;
import booking.gateway.follow.Published;
import booking.gateway.follow.TopicTail;
import booking.gateway.http.GatewayServer;
import booking.gateway.http.LiveStreams;
import booking.gateway.read.ReadPool;
import booking.gateway.send.BacklogWatch;
import booking.gateway.send.CommandPublisher;
import booking.gateway.send.CommandsTopic;
import booking.telemetry.Logs;
import booking.telemetry.Meters;
import booking.telemetry.Tracing;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway as a whole: wired here, and stopped in the reverse order. */
public final class GatewayApplication implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayApplication.class);

    private final Deque<Runnable> stops = new ArrayDeque<>();
    private final GatewayServer server;

    private GatewayApplication(GatewaySettings settings) {
        try {
            this.server = wire(settings);
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    /** Runs the gateway until the process is told to end. */
    public static void main(String[] arguments) {
        Logs.takeOver();
        try {
            GatewayApplication gateway = start(GatewaySettings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "gateway-stop"));
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
        } catch (RuntimeException e) {
            LOG.error("Cannot start", e);
            System.exit(1);
        }
    }

    /**
     * Starts it. It listens when this returns; Kafka and the database may come later, as readiness tells.
     *
     * @throws IllegalStateException when the port cannot be listened on
     */
    public static GatewayApplication start(GatewaySettings settings) {
        return new GatewayApplication(settings);
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** Whether it can do its work: asks Kafka and the database, unless they were asked a moment ago, and waits for what they say. */
    public boolean isReady() {
        return server.isReady();
    }

    /** Every call that it answers, such as {@code GET /v1/events/{eventId}}. */
    List<String> calls() {
        return server.calls();
    }

    @Override
    public void close() {
        while (!stops.isEmpty()) {
            try {
                stops.pop().run();
            } catch (RuntimeException e) {
                // The others are to be stopped all the same.
                LOG.warn("A part did not stop well", e);
            }
        }
    }

    private GatewayServer wire(GatewaySettings settings) {
        Meters meters = new Meters();
        stops.push(meters::close);
        Tracing tracing = Tracing.start("booking-gateway", settings.tracing());
        stops.push(tracing::close);
        Callers callers = new Callers(settings.access(), meters.registry());
        stops.push(callers::close);
        ReadPool reads = new ReadPool(settings.database(), meters.registry());
        stops.push(reads::close);
        CommandsTopic commands =
                new CommandsTopic(settings.kafka(), settings.topics().commands());
        stops.push(commands::close);
        CommandPublisher publisher = CommandPublisher.start(
                settings.kafka(), commands, settings.topics().commands(), meters.registry());
        stops.push(publisher::close);
        BacklogWatch backlog = BacklogWatch.start(settings.backlog(), commands, publisher, meters.registry());
        stops.push(backlog::close);
        WaitingRoom room =
                new WaitingRoom(settings.topics().commands(), settings.http().waitingRoom(), meters.registry());
        LiveStreams streams = new LiveStreams(
                settings.http(), positions -> PastRecords.from(settings.kafka(), positions), meters.registry());
        DecisionMeters decisions = new DecisionMeters(meters.registry(), Clock.systemUTC());
        BatchWatch batches = BatchWatch.start(reads, meters.registry());
        stops.push(batches::close);
        DeadLetterTail deadLetters =
                DeadLetterTail.start(settings.kafka(), settings.topics().deadLetters(), meters.registry());
        stops.push(deadLetters::close);
        TopicTail tail =
                TopicTail.start(settings.kafka(), settings.topics(), meters.registry(), new TopicTail.Reader() {
                    @Override
                    public void follows(Positions from) {
                        streams.follow(from);
                    }

                    @Override
                    public void read(List<Published> records) {
                        room.answer(records);
                        streams.send(records);
                        decisions.count(records);
                    }

                    @Override
                    public void reached(Positions positions) {
                        streams.reach(positions);
                    }
                });
        stops.push(tail::close);
        GatewayServer listening = GatewayServer.start(
                settings.http(), callers, room, publisher, backlog, tail, commands, reads, streams, meters, tracing);
        stops.push(listening::close);
        LOG.info("Listening on {}:{}", settings.http().host(), listening.port());
        if (callers.areOpen()) {
            LOG.warn("Nobody is asked who they are: whoever reaches this address may do everything");
        }
        return listening;
    }
}
