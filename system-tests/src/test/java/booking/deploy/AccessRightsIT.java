package booking.deploy;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import booking.embedded.EmbeddedKafka;
import booking.embedded.FreePorts;
import booking.embedded.KafkaOptions;
import booking.embedded.PortRequest;
import booking.embedded.TemporaryDirectory;
import booking.gateway.GatewayApplication;
import booking.gateway.GatewaySettings;
import booking.processor.ProcessorApplication;
import booking.processor.ProcessorSettings;
import booking.processor.setup.Setup;
import booking.processor.setup.SetupSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * With the rights of deploy/secured/acls.sh, on a broker with SASL/SCRAM over TLS: each principal is tried with each operation, and
 * what is not its own is denied.
 */
class AccessRightsIT {
    private static final String STORE_PASSWORD = "changeit";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern RIGHT =
            Pattern.compile("allow (\\w+) +([\\w,]+) +(topic|group|transactional-id) +(\\S+)");

    private static final List<String> PRINCIPALS =
            List.of("setup", "gateway", "upstream", "processor", "consumer", "auditor", "nobody");

    private static final TemporaryDirectory DIRECTORY = TemporaryDirectory.create("booking-rights-");
    private static final int SECURED = FreePorts.any();
    private static @Nullable EmbeddedKafka kafka;
    private static @Nullable SecuredPostgres postgres;

    /** What somebody might try. Returns when it was let, throws what the broker said otherwise. */
    private interface Attempt {
        void as(Map<String, Object> client) throws Exception;
    }

    /** What is tried, by its name in the table, and who may. */
    private record Trial(String what, List<String> allowed, Attempt attempt) {}

    @BeforeAll
    static void startBroker() throws Exception {
        makeKeys();
        int controller = FreePorts.any();
        int open = FreePorts.any();
        EmbeddedKafka broker = EmbeddedKafka.start(KafkaOptions.in(
                        DIRECTORY.path().resolve("kafka"))
                .withPort(PortRequest.exactly(open))
                .withSetting("controller.quorum.voters", "1@127.0.0.1:" + controller)
                .withSetting(
                        "listeners",
                        "CLIENT://127.0.0.1:" + open + ",CONTROLLER://127.0.0.1:" + controller + ",SECURED://127.0.0.1:"
                                + SECURED)
                .withSetting("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_SSL")
                .withSetting("listener.name.secured.sasl.enabled.mechanisms", "SCRAM-SHA-512")
                .withSetting(
                        "listener.name.secured.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;")
                .withSetting(
                        "listener.name.secured.ssl.keystore.location",
                        store("broker").toString())
                .withSetting("listener.name.secured.ssl.keystore.type", "PKCS12")
                .withSetting("listener.name.secured.ssl.keystore.password", STORE_PASSWORD)
                .withSetting("listener.name.secured.ssl.key.password", STORE_PASSWORD)
                .withSetting("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                // The broker itself, and this test where it makes principals and rights, on the listener without a
                // name.
                .withSetting("super.users", "User:ANONYMOUS"));
        kafka = broker;
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.alterUserScramCredentials(PRINCIPALS.stream()
                            .<org.apache.kafka.clients.admin.UserScramCredentialAlteration>map(
                                    principal -> new UserScramCredentialUpsertion(
                                            principal,
                                            new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                                            passwordOf(principal)))
                            .toList())
                    .all()
                    .get(60, TimeUnit.SECONDS);
            admin.createAcls(rights()).all().get(60, TimeUnit.SECONDS);
        }
        // With its own rights, and all that it needs told by variables.
        postgres = SecuredPostgres.start(DIRECTORY.path());
        SetupSettings setup = SetupSettings.from(with(
                told("setup"),
                "BOOKING_DATABASE_URL",
                postgres.url(),
                "BOOKING_SETUP_DATABASE_PASSWORD",
                SecuredPostgres.passwordOf("booking_owner")));
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> Setup.run(setup));
    }

    /** All that a service is told of the broker, by variables. */
    private static Map<String, String> told(String principal) {
        Map<String, String> told = new LinkedHashMap<>();
        client(principal, passwordOf(principal))
                .forEach((property, value) -> told.put(
                        "BOOKING_KAFKA_" + property.toUpperCase(Locale.ROOT).replace('.', '_'), value.toString()));
        return told;
    }

    /** What a service is told of the database. */
    private static Map<String, String> withDatabase(Map<String, String> told, String role) {
        return with(
                told,
                "BOOKING_DATABASE_URL",
                requireNonNull(postgres).url(),
                "BOOKING_DATABASE_PASSWORD",
                SecuredPostgres.passwordOf(role));
    }

    @AfterAll
    static void stop() {
        if (postgres != null) {
            postgres.close();
        }
        if (kafka != null) {
            kafka.close();
        }
        DIRECTORY.close();
    }

    @Test
    void whatIsNotAllowedIsDenied() throws Exception {
        Map<String, Map<String, Boolean>> seen = new LinkedHashMap<>();
        Map<String, Map<String, Boolean>> meant = new LinkedHashMap<>();
        for (Trial trial : trials()) {
            for (String principal : PRINCIPALS) {
                seen.computeIfAbsent(trial.what(), what -> new LinkedHashMap<>())
                        .put(principal, isAllowed(trial.attempt(), principal));
                meant.computeIfAbsent(trial.what(), what -> new LinkedHashMap<>())
                        .put(principal, trial.allowed().contains(principal));
            }
        }
        String table = table(seen);
        System.out.println(table);

        assertThat(seen).isEqualTo(meant);
        assertThat(Files.readString(Path.of("..", "docs", "secured.md")))
                .as("the table in docs/secured.md")
                .contains(table);
    }

    @Test
    void theseRightsAreEnoughToBook() throws Exception {
        Map<String, String> processorTold =
                with(withDatabase(told("processor"), "booking_app"), "BOOKING_PROCESSOR_HEALTH_PORT", "0");
        Map<String, String> gatewayTold = with(withDatabase(told("gateway"), "booking_read"), "BOOKING_HTTP_PORT", "0");
        try (ProcessorApplication processor = ProcessorApplication.start(ProcessorSettings.from(processorTold));
                GatewayApplication gateway = GatewayApplication.start(GatewaySettings.from(gatewayTold))) {
            await().atMost(PATIENCE).until(processor::isReady);
            String url = "http://127.0.0.1:" + gateway.port() + "/v1/events";
            // Until the gateway is connected it says so.
            await().atMost(PATIENCE)
                    .until(() -> post(url, "{\"eventId\":\"secured\",\"name\":\"A\",\"date\":\"2030-01-01T20:00:00Z\"}")
                            == 201);
            assertThat(post(url + "/secured/bookings", "{\"userId\":\"alice\"}"))
                    .isEqualTo(201);
            assertThat(post(url + "/secured/bookings", "{\"userId\":\"bob\"}")).isEqualTo(409);
        }
    }

    private static Map<String, String> with(Map<String, String> told, String... more) {
        for (int i = 0; i < more.length; i += 2) {
            told.put(more[i], more[i + 1]);
        }
        return told;
    }

    private static int post(String url, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Content-Type", "application/json")
                .header("Prefer", "wait=30")
                .header("Idempotency-Key", json)
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertThatThrownBy(() -> describe(client("gateway", "not-its-password")))
                .hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void aBrokerWhoseCertificateIsNotTrustedIsNotTalkedTo() throws Exception {
        keytool("-genkeypair", "-alias", "other", "-keyalg", "EC", "-dname", "CN=other", "-keystore", store("other"));
        Map<String, Object> client = client("gateway", passwordOf("gateway"));
        client.put("ssl.truststore.location", store("other").toString());

        assertThatThrownBy(() -> describe(client))
                .rootCause()
                .isInstanceOf(java.security.GeneralSecurityException.class);
    }

    private static List<Trial> trials() {
        List<Trial> trials = new ArrayList<>();
        trials.add(write("booking-commands", "gateway", "upstream", "processor"));
        trials.add(write("booking-results", "processor"));
        trials.add(write("booking-availability", "processor"));
        trials.add(write("booking-commands-dlq", "processor"));
        trials.add(read("booking-commands", "processor", "auditor"));
        trials.add(read("booking-results", "gateway", "upstream", "consumer", "auditor"));
        trials.add(read("booking-availability", "gateway", "upstream", "consumer", "auditor"));
        trials.add(read("booking-commands-dlq", "gateway", "auditor"));
        trials.add(new Trial(
                "see how far the processors are",
                List.of("gateway", "processor", "auditor"),
                client -> admin(
                        client,
                        admin -> admin.listConsumerGroupOffsets("booking-processor")
                                .partitionsToOffsetAndMetadata()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "move the processors' offsets",
                // Their own, which they commit.
                List.of("processor"),
                client -> admin(
                        client,
                        admin -> admin.alterConsumerGroupOffsets(
                                        "booking-processor",
                                        Map.of(
                                                new TopicPartition("booking-commands", 0),
                                                new org.apache.kafka.clients.consumer.OffsetAndMetadata(0)))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial("use a processor's transactional id", List.of("processor"), client -> {
            Map<String, Object> transactional = withSerializers(client);
            transactional.put("transactional.id", "booking-processor-" + UUID.randomUUID());
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(transactional)) {
                producer.initTransactions();
            }
        }));
        trials.add(new Trial(
                "make another topic",
                List.of(),
                client -> admin(
                        client,
                        admin -> admin.createTopics(List.of(new NewTopic("other-" + UUID.randomUUID(), 1, (short) 1)))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "add partitions",
                List.of(),
                client -> admin(
                        client,
                        admin -> admin.createPartitions(Map.of("booking-commands", NewPartitions.increaseTo(24)))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "change a topic's settings",
                List.of(),
                client -> admin(
                        client,
                        admin -> admin.incrementalAlterConfigs(Map.of(
                                        new ConfigResource(ConfigResource.Type.TOPIC, "booking-commands"),
                                        (Collection<AlterConfigOp>) List.of(new AlterConfigOp(
                                                new ConfigEntry("retention.ms", "1000"), AlterConfigOp.OpType.SET))))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "delete records",
                List.of(),
                client -> admin(
                        client,
                        admin -> admin.deleteRecords(Map.of(
                                        new TopicPartition("booking-results", 0), RecordsToDelete.beforeOffset(0)))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "delete a topic",
                List.of(),
                client -> admin(
                        client,
                        admin -> admin.deleteTopics(List.of("booking-results"))
                                .all()
                                .get(60, TimeUnit.SECONDS))));
        trials.add(new Trial(
                "give rights",
                List.of(),
                client ->
                        admin(client, admin -> admin.createAcls(rights()).all().get(60, TimeUnit.SECONDS))));
        return trials;
    }

    private static Trial write(String topic, String... allowed) {
        return new Trial("write " + topic, List.of(allowed), client -> {
            Map<String, Object> settings = withSerializers(client);
            try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings)) {
                producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {'{', '}'}))
                        .get(60, TimeUnit.SECONDS);
            }
        });
    }

    private static Trial read(String topic, String... allowed) {
        return new Trial("read " + topic, List.of(allowed), client -> {
            Map<String, Object> settings = new LinkedHashMap<>(client);
            settings.put("auto.offset.reset", "earliest");
            settings.put("key.deserializer", ByteArrayDeserializer.class.getName());
            settings.put("value.deserializer", ByteArrayDeserializer.class.getName());
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
                TopicPartition partition = new TopicPartition(topic, 0);
                consumer.assign(List.of(partition));
                consumer.seek(partition, 0);
                // A fetch that was answered has told how much there is.
                await().atMost(PATIENCE).pollInSameThread().until(() -> {
                    var unused = consumer.poll(Duration.ofMillis(200));
                    return consumer.currentLag(partition).isPresent();
                });
            }
        });
    }

    private static boolean isAllowed(Attempt attempt, String principal) throws Exception {
        try {
            attempt.as(client(principal, passwordOf(principal)));
            return true;
        } catch (KafkaException | ExecutionException e) {
            // A producer that may write nowhere fails at its id already, and tells of that in its own words.
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof AuthorizationException) {
                    return false;
                }
            }
            throw e;
        }
    }

    private interface Asking {
        Object ask(Admin admin) throws Exception;
    }

    private static void admin(Map<String, Object> client, Asking asking) throws Exception {
        try (Admin admin = Admin.create(client)) {
            Object unused = asking.ask(admin);
        }
    }

    private static void describe(Map<String, Object> client) throws Exception {
        admin(
                client,
                admin -> admin.describeTopics(List.of("booking-commands"))
                        .allTopicNames()
                        .get(60, TimeUnit.SECONDS));
    }

    private static List<AclBinding> rights() throws IOException {
        List<AclBinding> rights = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("..", "deploy", "secured", "acls.sh"))) {
            Matcher right = RIGHT.matcher(line);
            if (right.matches()) {
                for (String name : right.group(4).split(",", -1)) {
                    for (String operation : right.group(2).split(",", -1)) {
                        rights.add(right(right.group(1), operation, right.group(3), name));
                    }
                }
            }
        }
        assertThat(rights).hasSizeGreaterThan(40);
        return rights;
    }

    private static AclBinding right(String principal, String operation, String kind, String name) {
        return new AclBinding(
                new ResourcePattern(
                        ResourceType.valueOf(kind.replace('-', '_').toUpperCase(Locale.ROOT)),
                        name.replace("*", ""),
                        name.endsWith("*") ? PatternType.PREFIXED : PatternType.LITERAL),
                new AccessControlEntry(
                        "User:" + principal,
                        "*",
                        AclOperation.fromString(operation.replaceAll("(?<=[a-z])(?=[A-Z])", "_")),
                        AclPermissionType.ALLOW));
    }

    private static Map<String, Object> client(String principal, String password) {
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("bootstrap.servers", "127.0.0.1:" + SECURED);
        client.put("security.protocol", "SASL_SSL");
        client.put("sasl.mechanism", "SCRAM-SHA-512");
        client.put("sasl.jaas.config", jaas(principal, password));
        client.put("ssl.truststore.location", store("trusted").toString());
        client.put("ssl.truststore.type", "PKCS12");
        client.put("ssl.truststore.password", STORE_PASSWORD);
        return client;
    }

    private static Map<String, Object> withSerializers(Map<String, Object> client) {
        Map<String, Object> settings = new LinkedHashMap<>(client);
        settings.put("key.serializer", ByteArraySerializer.class.getName());
        settings.put("value.serializer", ByteArraySerializer.class.getName());
        return settings;
    }

    private static String jaas(String principal, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + principal
                + "\" password=\"" + password + "\";";
    }

    private static String passwordOf(String principal) {
        return principal + "-password";
    }

    private static void makeKeys() throws IOException, InterruptedException {
        keytool(
                "-genkeypair",
                "-alias",
                "broker",
                "-keyalg",
                "EC",
                "-dname",
                "CN=broker",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-keystore",
                store("broker"));
        Path certificate = DIRECTORY.path().resolve("broker.pem");
        keytool("-exportcert", "-rfc", "-alias", "broker", "-file", certificate, "-keystore", store("broker"));
        keytool("-importcert", "-noprompt", "-alias", "broker", "-file", certificate, "-keystore", store("trusted"));
    }

    private static Path store(String name) {
        return DIRECTORY.path().resolve(name + ".p12");
    }

    private static void keytool(Object... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", STORE_PASSWORD));
        Path said = DIRECTORY.path().resolve("keytool.log");
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(keytool.waitFor()).as(Files.readString(said)).isZero();
    }

    /** A row for each thing to try, a column for each principal. */
    private static String table(Map<String, Map<String, Boolean>> seen) {
        StringBuilder table = new StringBuilder("| | " + String.join(" | ", PRINCIPALS) + " |\n");
        table.append("|---|").append("---|".repeat(PRINCIPALS.size())).append('\n');
        seen.forEach((what, byPrincipal) -> {
            table.append("| ").append(what).append(" |");
            byPrincipal.values().forEach(allowed -> table.append(allowed ? " yes |" : " denied |"));
            table.append('\n');
        });
        return table.toString();
    }
}
