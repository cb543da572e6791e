package booking.chaos;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Something that happens to a running system and is over again. */
public enum Fault {
    /** Nothing, to compare with. */
    NONE {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            pass(Duration.ofSeconds(1));
            return Effect.hit("nothing was to happen");
        }
    },
    /** One of two processors is killed and stays away for a while: the other has to take over. */
    KILL_PROCESSOR {
        @Override
        Effect happen(SystemUnderTest system, Random random) {
            return ended(system.killProcessor(random.nextInt(SystemUnderTest.PROCESSORS)) ? 1 : 0, 1);
        }

        @Override
        void afterwards(SystemUnderTest system) {
            system.startMissingProcessors();
        }
    },
    /** Both are killed at once and started again at once. */
    KILL_ALL_PROCESSORS {
        @Override
        Effect happen(SystemUnderTest system, Random random) {
            int killed = 0;
            for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
                killed += system.killProcessor(i) ? 1 : 0;
            }
            system.startMissingProcessors();
            return ended(killed, SystemUnderTest.PROCESSORS);
        }
    },
    /** A processor hangs until its session is over and some time longer, also inside its transactions, and then goes on. */
    PAUSE_PROCESSOR {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            ProcessHandle processor =
                    system.processor(random.nextInt(SystemUnderTest.PROCESSORS)).handle();
            Duration longer = seconds(random, 2, 10);
            try (ProcessorGroup group = new ProcessorGroup(system.bootstrapServers())) {
                boolean wasIn = group.awaitProcesses(SystemUnderTest.PROCESSORS, JOIN);
                try (Pause pause = Pause.of(List.of(processor))) {
                    boolean isOut = group.awaitProcesses(
                            SystemUnderTest.PROCESSORS - 1,
                            system.processorSession().plus(JOIN));
                    pass(longer);
                    return Effect.of(
                            wasIn && isOut && pause.stopped() == 1,
                            wasIn
                                    ? pause.stopped() + " of 1 stood still, and " + (isOut ? "lost" : "kept")
                                            + " its place in the group"
                                    : "not all processors had a place in the group");
                }
            }
        }
    },
    /** Each processor in turn is asked to end and started again. */
    ROLLING_RESTART {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            int stopped = 0;
            for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
                stopped += system.stopProcessor(i) ? 1 : 0;
                system.startProcessor(i);
                pass(Duration.ofSeconds(2));
            }
            return ended(stopped, SystemUnderTest.PROCESSORS);
        }
    },
    /** A processor comes and goes faster than partitions can be shared out. */
    REBALANCE_STORM {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            int killed = 0;
            int joined = 0;
            try (ProcessorGroup group = new ProcessorGroup(system.bootstrapServers())) {
                boolean wasIn = group.awaitProcesses(SystemUnderTest.PROCESSORS, JOIN);
                Set<String> known = new HashSet<>();
                for (int i = 0; i < STORM; i++) {
                    Set<String> now = group.processes();
                    known.addAll(now);
                    killed += system.killProcessor(1) ? 1 : 0;
                    pass(millis(random, 200, 1_500));
                    system.startProcessor(1);
                    // One that is killed while its JVM still starts disturbs nobody.
                    joined += group.awaitAnother(known, JOIN) && !now.isEmpty() ? 1 : 0;
                    pass(millis(random, 0, 1_500));
                }
                return Effect.of(
                        wasIn && killed == STORM && joined == STORM,
                        killed + " of " + STORM + " were ended while they ran, and " + joined
                                + " took a place in the group" + (wasIn ? "" : ", in which not all were before"));
            }
        }
    },
    KILL_GATEWAY {
        @Override
        Effect happen(SystemUnderTest system, Random random) {
            boolean killed = system.killGateway();
            system.startGateway();
            return ended(killed ? 1 : 0, 1);
        }
    },
    /** Where there are three, the others have to go on without it. */
    KILL_BROKER {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            Brokers brokers = system.brokers();
            boolean killed = brokers.kill(random.nextInt(brokers.count()));
            if (brokers.count() == 1) {
                pass(millis(random, 0, 3_000));
                brokers.startMissing();
            }
            return ended(killed ? 1 : 0, 1);
        }

        @Override
        void afterwards(SystemUnderTest system) throws InterruptedException {
            system.brokers().startMissing();
        }
    },
    PAUSE_BROKER {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            Brokers brokers = system.brokers();
            return pause(List.of(brokers.broker(random.nextInt(brokers.count())).process()), seconds(random, 2, 8));
        }
    },
    /** The whole server, as when the machine loses power; what it had not written to disk is gone. */
    KILL_POSTGRES {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            boolean killed = system.databases().killPrimary();
            pass(millis(random, 0, 3_000));
            system.databases().startPrimary();
            return ended(killed ? 1 : 0, 1);
        }
    },
    /**
     * The primary is lost, and its standby takes its place. Half of the time the two had been cut off from each other before, so that the
     * standby has not got what the primary had on its disk last.
     */
    FAIL_OVER_POSTGRES {
        @Override
        Optional<String> missing(SystemUnderTest system) {
            return system.databases().hasStandby() ? Optional.empty() : Optional.of("there is no standby");
        }

        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            if (random.nextBoolean()) {
                system.databases().cableToPrimary().cut();
                pass(seconds(random, 2, 9));
            }
            return ended(system.databases().failOver() ? 1 : 0, 1);
        }

        @Override
        void afterwards(SystemUnderTest system) {
            system.databases().replaceStandby();
        }
    },
    /** One process of the server crashes, and the server begins anew with a recovery. */
    KILL_POSTGRES_BACKEND {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            List<ProcessHandle> backends = backends(system);
            if (backends.isEmpty()) {
                return Effect.missed("no server process worked for a processor");
            }
            ProcessHandle backend = backends.get(random.nextInt(backends.size()));
            boolean isSent = backend.destroyForcibly();
            return Effect.of(
                    isSent && Waiting.until(JOIN, () -> !backend.isAlive()),
                    "one of " + backends.size() + " server processes was killed " + (isSent ? "" : "too late"));
        }
    },
    /** A session of a processor hangs in the server, with its locks. */
    PAUSE_POSTGRES_BACKEND {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            return pause(backends(system), seconds(random, 2, 9));
        }
    },
    END_DATABASE_SESSIONS {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            ProcessorSessions sessions = new ProcessorSessions(system.superuserUrl());
            int ended = 0;
            for (int i = 0; i < 5; i++) {
                ended += sessions.end();
                pass(millis(random, 50, 500));
            }
            return Effect.of(ended > 0, ended + " sessions were ended");
        }
    },
    /** The database is shut down, and away for longer than anybody waits for an answer. */
    STOP_POSTGRES {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            boolean stopped = system.databases().stopPrimary();
            pass(seconds(random, 10, 60));
            system.databases().startPrimary();
            return ended(stopped ? 1 : 0, 1);
        }
    },
    CUT_PROCESSORS_FROM_DATABASE {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            return cut(system.databases().cables(), seconds(random, 2, 12));
        }
    },
    CUT_PROCESSORS_FROM_BROKER {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            return cut(system.brokers().cables(), seconds(random, 2, 12));
        }
    },
    /** A processor's clock is wrong by up to an hour, in either direction. */
    WRONG_CLOCK {
        @Override
        Optional<String> missing(SystemUnderTest system) {
            return WrongClock.library().isPresent() ? Optional.empty() : Optional.of("libfaketime is not installed");
        }

        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            int index = random.nextInt(SystemUnderTest.PROCESSORS);
            // Wrong by enough to tell it from a process that answers late.
            int wrong = (120 + random.nextInt(3_481)) * (random.nextBoolean() ? 1 : -1);
            system.stopProcessor(index);
            URI health = system.startProcessor(index, WrongClock.by(wrong));
            Optional<Duration> ahead = WrongClock.awaitAhead(health, START);
            boolean isAtWork;
            try (ProcessorGroup group = new ProcessorGroup(system.bootstrapServers())) {
                isAtWork = group.awaitProcesses(SystemUnderTest.PROCESSORS, JOIN);
            }
            pass(seconds(random, 5, 10));
            boolean isWrong = ahead.filter(by -> by.minusSeconds(wrong).abs().compareTo(LATE) < 0)
                    .isPresent();
            return Effect.of(
                    isWrong && isAtWork,
                    ahead.map(by -> "the processor's clock is " + by.toSeconds()
                                            + " s ahead by its own account, and shall be " + wrong)
                                    .orElse("the processor did not tell its time")
                            + (isAtWork ? "" : "; it had no place in the group"));
        }

        @Override
        void afterwards(SystemUnderTest system) {
            for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
                system.stopProcessor(i);
                system.startProcessor(i);
            }
        }
    },
    /** The database can write nothing any more. */
    DATABASE_DISK_FULL {
        @Override
        Optional<String> missing(SystemUnderTest system) {
            return noDisk(system.databaseDisk());
        }

        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            // It ends itself when it cannot write its log.
            system.databases().firstMayEnd();
            Effect effect = fill(system.databaseDisk().orElseThrow(), seconds(random, 2, 8));
            system.databases().startEnded();
            return effect;
        }
    },
    /**
     * One broker of three can write nothing any more. The disk of the only broker is not filled: it holds the only copy of
     * the log, and Kafka does not promise to keep that whole.
     */
    BROKER_DISK_FULL {
        @Override
        Optional<String> missing(SystemUnderTest system) {
            return system.brokers().count() == 1
                    ? Optional.of("there is one broker only")
                    : noDisk(system.brokerDisk());
        }

        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            system.brokers().firstMayEnd();
            return fill(system.brokerDisk().orElseThrow(), seconds(random, 2, 8));
        }

        @Override
        void afterwards(SystemUnderTest system) throws InterruptedException {
            system.brokers().startMissing();
        }
    },
    RESET_CONNECTIONS {
        @Override
        Effect happen(SystemUnderTest system, Random random) throws InterruptedException {
            int toBrokers = 0;
            int toDatabases = 0;
            for (int i = 0; i < 5; i++) {
                toBrokers += reset(system.brokers().cables());
                pass(millis(random, 50, 300));
                toDatabases += reset(system.databases().cables());
                pass(millis(random, 50, 300));
            }
            return Effect.of(
                    toBrokers > 0 && toDatabases > 0,
                    toBrokers + " ends of connections with brokers and " + toDatabases + " with databases were closed");
        }
    };

    private static final Duration JOIN = Duration.ofSeconds(30);
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration LATE = Duration.ofSeconds(60);
    private static final int STORM = 4;

    /** Lets it happen; returns when it is over, and whether it took effect. */
    abstract Effect happen(SystemUnderTest system, Random random) throws InterruptedException;

    /** Why it cannot happen here, if it cannot. */
    Optional<String> missing(SystemUnderTest system) {
        return Optional.empty();
    }

    /** What is left to be put right once the system has shown that it goes on without. */
    void afterwards(SystemUnderTest system) throws InterruptedException {}

    /** As it is written on a command line: {@code kill-processor}. */
    public String written() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The fault that is written so.
     *
     * @throws IllegalArgumentException when there is none; the message names those there are
     */
    public static Fault of(String written) {
        return Arrays.stream(values())
                .filter(fault -> fault.written().equals(written))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault is called " + written + "; there are: "
                        + String.join(
                                ", ",
                                Arrays.stream(values()).map(Fault::written).toList())));
    }

    private static Optional<String> noDisk(Optional<SmallDisk> disk) {
        return disk.isPresent() ? Optional.empty() : Optional.of("no small disk can be mounted here");
    }

    private static Effect fill(SmallDisk disk, Duration time) throws InterruptedException {
        try {
            boolean isFull = disk.fill();
            pass(time);
            return Effect.of(isFull, isFull ? "nothing more fitted" : "the disk did not become full");
        } finally {
            disk.empty();
        }
    }

    /** Of processes that were to be ended by us, so many were: the others had ended by themselves. */
    private static Effect ended(int count, int wanted) {
        return Effect.of(count == wanted, count + " of " + wanted + " were ended while they ran");
    }

    private static Effect pause(List<ProcessHandle> processes, Duration time) throws InterruptedException {
        try (Pause pause = Pause.of(processes)) {
            pass(time);
            return Effect.of(pause.stopped() > 0, pause.stopped() + " processes stood still");
        }
    }

    /** The processes of the database that work for processors, as soon as there are any. */
    private static List<ProcessHandle> backends(SystemUnderTest system) throws InterruptedException {
        return new ProcessorSessions(system.superuserUrl())
                .awaitBackends(JOIN).stream()
                        .flatMap(pid -> ProcessHandle.of(pid).stream())
                        .toList();
    }

    private static int reset(List<Cable> cables) {
        return cables.stream().mapToInt(Cable::reset).sum();
    }

    private static Effect cut(List<Cable> cables, Duration time) throws InterruptedException {
        cables.forEach(Cable::cut);
        try {
            pass(time);
        } finally {
            cables.forEach(Cable::mend);
        }
        long swallowed = cables.stream().mapToLong(Cable::swallowed).sum();
        return Effect.of(swallowed > 0, swallowed + " bytes did not arrive");
    }

    private static Duration seconds(Random random, int least, int most) {
        return millis(random, least * 1_000, most * 1_000);
    }

    private static Duration millis(Random random, int least, int most) {
        return Duration.ofMillis(least + (long) random.nextInt(most - least + 1));
    }

    /** Lets time pass: how long a fault lasts is part of it. */
    private static void pass(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }
}
