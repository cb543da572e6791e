package booking.chaos;

import booking.embedded.Signals;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;

/** Something that happens to a running system and is over again. */
public enum Fault {
    /** Nothing, to compare with. */
    NONE {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            pass(Duration.ofSeconds(1));
        }
    },
    /** One of two processors is killed and stays away for a while: the other has to take over. */
    KILL_PROCESSOR {
        @Override
        void happen(SystemUnderTest system, Random random) {
            system.processor(random.nextInt(SystemUnderTest.PROCESSORS)).kill();
        }

        @Override
        void afterwards(SystemUnderTest system) {
            startMissing(system);
        }
    },
    /** Both are killed at once and started again at once. */
    KILL_ALL_PROCESSORS {
        @Override
        void happen(SystemUnderTest system, Random random) {
            for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
                system.processor(i).kill();
            }
            startMissing(system);
        }
    },
    /** A processor hangs for longer than its session, also inside its transactions, and then goes on. */
    PAUSE_PROCESSOR {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            int index = random.nextInt(SystemUnderTest.PROCESSORS);
            system.processor(index).pause();
            try {
                pass(seconds(random, 4, 12));
            } finally {
                system.processor(index).resume();
            }
        }
    },
    /** Each processor in turn is asked to end and started again. */
    ROLLING_RESTART {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
                system.stopProcessor(i);
                system.startProcessor(i);
                pass(Duration.ofSeconds(2));
            }
        }
    },
    /** A processor comes and goes faster than partitions can be shared out. */
    REBALANCE_STORM {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            for (int i = 0; i < 4; i++) {
                system.processor(1).kill();
                pass(millis(random, 200, 1_500));
                system.startProcessor(1);
                pass(millis(random, 500, 2_500));
            }
        }
    },
    KILL_GATEWAY {
        @Override
        void happen(SystemUnderTest system, Random random) {
            system.gateway().kill();
            system.startGateway();
        }
    },
    /** Where there are three, the others have to go on without it. */
    KILL_BROKER {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            Brokers brokers = system.brokers();
            brokers.broker(random.nextInt(brokers.count())).kill();
            if (brokers.count() == 1) {
                pass(millis(random, 0, 3_000));
                brokers.startMissing();
            }
        }

        @Override
        void afterwards(SystemUnderTest system) throws InterruptedException {
            system.brokers().startMissing();
        }
    },
    PAUSE_BROKER {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            Brokers brokers = system.brokers();
            ProcessHandle broker =
                    brokers.broker(random.nextInt(brokers.count())).process();
            Signals.send("STOP", broker);
            try {
                pass(seconds(random, 2, 8));
            } finally {
                Signals.send("CONT", broker);
            }
        }
    },
    /** The whole server, as when the machine loses power; what it had not written to disk is gone. */
    KILL_POSTGRES {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            system.databases().primary().kill();
            pass(millis(random, 0, 3_000));
            system.databases().startPrimary();
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
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            if (random.nextBoolean()) {
                system.databases().cableToPrimary().cut();
                pass(seconds(random, 2, 9));
            }
            system.databases().failOver();
        }

        @Override
        void afterwards(SystemUnderTest system) {
            system.databases().replaceStandby();
        }
    },
    /** One process of the server crashes, and the server begins anew with a recovery. */
    KILL_POSTGRES_BACKEND {
        @Override
        void happen(SystemUnderTest system, Random random) {
            List<Long> backends = new ProcessorSessions(system.superuserUrl()).backends();
            if (!backends.isEmpty()) {
                ProcessHandle.of(backends.get(random.nextInt(backends.size())))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    },
    /** A session of a processor hangs in the server, with its locks. */
    PAUSE_POSTGRES_BACKEND {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            List<ProcessHandle> backends = new ProcessorSessions(system.superuserUrl())
                    .backends().stream()
                            .flatMap(pid -> ProcessHandle.of(pid).stream())
                            .toList();
            backends.forEach(backend -> Signals.send("STOP", backend));
            try {
                pass(seconds(random, 2, 9));
            } finally {
                backends.forEach(backend -> Signals.send("CONT", backend));
            }
        }
    },
    END_DATABASE_SESSIONS {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            ProcessorSessions sessions = new ProcessorSessions(system.superuserUrl());
            for (int i = 0; i < 5; i++) {
                sessions.end();
                pass(millis(random, 50, 500));
            }
        }
    },
    /** The database is shut down, and away for longer than anybody waits for an answer. */
    STOP_POSTGRES {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            system.databases().primary().close();
            pass(seconds(random, 10, 60));
            system.databases().startPrimary();
        }
    },
    CUT_PROCESSORS_FROM_DATABASE {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            cut(system.databases().cables(), seconds(random, 2, 12));
        }
    },
    CUT_PROCESSORS_FROM_BROKER {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            cut(system.brokers().cables(), seconds(random, 2, 12));
        }
    },
    /** A processor's clock is wrong by up to an hour, in either direction. */
    WRONG_CLOCK {
        @Override
        Optional<String> missing(SystemUnderTest system) {
            return WrongClock.library().isPresent() ? Optional.empty() : Optional.of("libfaketime is not installed");
        }

        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            int index = random.nextInt(SystemUnderTest.PROCESSORS);
            system.stopProcessor(index);
            system.startProcessor(index, WrongClock.by(random.nextInt(7_200) - 3_600));
            pass(seconds(random, 5, 10));
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
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            fill(system.databaseDisk().orElseThrow(), seconds(random, 2, 8));
            // It ends itself when it cannot write its log.
            system.databases().startEnded();
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
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            fill(system.brokerDisk().orElseThrow(), seconds(random, 2, 8));
        }

        @Override
        void afterwards(SystemUnderTest system) throws InterruptedException {
            system.brokers().startMissing();
        }
    },
    RESET_CONNECTIONS {
        @Override
        void happen(SystemUnderTest system, Random random) throws InterruptedException {
            for (int i = 0; i < 5; i++) {
                system.brokers().cables().forEach(Cable::reset);
                pass(millis(random, 50, 300));
                system.databases().cables().forEach(Cable::reset);
                pass(millis(random, 50, 300));
            }
        }
    };

    /** Lets it happen; returns when it is over. */
    abstract void happen(SystemUnderTest system, Random random) throws InterruptedException;

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

    private static void fill(SmallDisk disk, Duration time) throws InterruptedException {
        disk.fill();
        try {
            pass(time);
        } finally {
            disk.empty();
        }
    }

    private static void startMissing(SystemUnderTest system) {
        for (int i = 0; i < SystemUnderTest.PROCESSORS; i++) {
            if (!system.processor(i).isAlive()) {
                system.startProcessor(i);
            }
        }
    }

    private static void cut(List<Cable> cables, Duration time) throws InterruptedException {
        cables.forEach(Cable::cut);
        try {
            pass(time);
        } finally {
            cables.forEach(Cable::mend);
        }
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
