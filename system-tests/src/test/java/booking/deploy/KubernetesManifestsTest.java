package booking.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The manifests in deploy/kubernetes are such as Kubernetes takes, and say what fits together. */
class KubernetesManifestsTest {
    private static final Path MANIFEST = Path.of("..", "deploy", "kubernetes", "booking.yaml");
    private static final Path AUTOSCALING = Path.of("..", "deploy", "kubernetes", "autoscaling-by-lag.yaml");

    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1/ConfigMap", ConfigMap.class,
            "v1/Service", Service.class,
            "batch/v1/Job", Job.class,
            "apps/v1/Deployment", Deployment.class,
            "policy/v1/PodDisruptionBudget", PodDisruptionBudget.class);

    /** A field that the models do not know fails, rather than being kept as one of "additional properties". */
    private static final ObjectMapper STRICT = new YAMLMapper()
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated member) {
                    return false;
                }
            })
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    @Test
    void everyFieldIsOneThatKubernetesKnows() throws IOException {
        assertThat(manifests())
                .extracting(HasMetadata::getKind)
                .containsExactly(
                        "ConfigMap",
                        "Job",
                        "Deployment",
                        "PodDisruptionBudget",
                        "Deployment",
                        "PodDisruptionBudget",
                        "Service");
    }

    @Test
    void aFieldThatKubernetesDoesNotKnowIsNoticed() throws IOException {
        String misspelt = Files.readString(MANIFEST).replace("readinessProbe:", "readynessProbe:");

        assertThatThrownBy(() -> parse(misspelt))
                .isInstanceOf(UnrecognizedPropertyException.class)
                .hasMessageContaining("readynessProbe");
    }

    @Test
    void selectorsFindTheirPods() throws IOException {
        Map<String, Map<String, String>> labels = new HashMap<>();
        for (Deployment deployment : all(Deployment.class)) {
            String name = deployment.getMetadata().getName();
            labels.put(name, deployment.getSpec().getTemplate().getMetadata().getLabels());
            assertThat(labels.get(name))
                    .containsAllEntriesOf(deployment.getSpec().getSelector().getMatchLabels());
        }
        for (PodDisruptionBudget budget : all(PodDisruptionBudget.class)) {
            assertThat(labels.get(budget.getMetadata().getName()))
                    .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels());
        }
        for (Service service : all(Service.class)) {
            assertThat(labels.get(service.getMetadata().getName()))
                    .containsAllEntriesOf(service.getSpec().getSelector());
        }
    }

    @Test
    void everyContainerIsContained() throws IOException {
        assertThat(podTemplates()).hasSize(3).allSatisfy(template -> {
            assertThat(template.getSpec().getSecurityContext().getRunAsNonRoot())
                    .isTrue();
            assertThat(template.getSpec().getContainers()).hasSize(1).allSatisfy(container -> {
                assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                        .isTrue();
                assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                        .isFalse();
                assertThat(container.getSecurityContext().getCapabilities().getDrop())
                        .containsExactly("ALL");
                assertThat(container.getResources().getLimits()).containsKey("memory");
            });
        });
    }

    /** Services refuse to start with a variable that does not exist, so it had better be found here. */
    @Test
    void everyVariableIsOneOfTheReadme() throws IOException {
        String readme = Files.readString(Path.of("..", "README.md"));
        List<String> variables = new ArrayList<>();
        for (PodTemplateSpec template : podTemplates()) {
            for (Container container : template.getSpec().getContainers()) {
                container.getEnv().stream().map(EnvVar::getName).forEach(variables::add);
            }
        }
        all(ConfigMap.class).forEach(map -> variables.addAll(map.getData().keySet()));

        assertThat(variables)
                .isNotEmpty()
                .allSatisfy(variable -> assertThat(
                                variable.startsWith("BOOKING_KAFKA_") || readme.contains("`" + variable + "`"))
                        .as(variable)
                        .isTrue());
    }

    @Test
    void theAutoscalerScalesTheProcessors() throws IOException {
        JsonNode scaled = documents(Files.readString(AUTOSCALING)).stream()
                .filter(document -> document.path("kind").asText().equals("ScaledObject"))
                .findFirst()
                .orElseThrow();

        assertThat(all(Deployment.class))
                .extracting(deployment -> deployment.getMetadata().getName())
                .contains(scaled.at("/spec/scaleTargetRef/name").asText());
        assertThat(scaled.at("/spec/triggers/0/metadata/consumerGroup").asText())
                .isEqualTo("booking-processor");
    }

    private static List<PodTemplateSpec> podTemplates() throws IOException {
        return Stream.concat(
                        all(Job.class).stream().map(job -> job.getSpec().getTemplate()),
                        all(Deployment.class).stream()
                                .map(deployment -> deployment.getSpec().getTemplate()))
                .toList();
    }

    private static <T> List<T> all(Class<T> kind) throws IOException {
        return manifests().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static List<HasMetadata> manifests() throws IOException {
        return parse(Files.readString(MANIFEST));
    }

    private static List<HasMetadata> parse(String yaml) throws IOException {
        List<HasMetadata> manifests = new ArrayList<>();
        for (JsonNode document : documents(yaml)) {
            String kind = document.path("apiVersion").asText() + "/"
                    + document.path("kind").asText();
            Class<? extends HasMetadata> model = Objects.requireNonNull(KINDS.get(kind), () -> "no model for " + kind);
            manifests.add(STRICT.treeToValue(document, model));
        }
        return manifests;
    }

    private static List<JsonNode> documents(String yaml) throws IOException {
        try (var values = STRICT.readerFor(JsonNode.class).<JsonNode>readValues(yaml)) {
            return values.readAll();
        }
    }
}
