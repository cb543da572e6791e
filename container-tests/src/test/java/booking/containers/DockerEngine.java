package booking.containers;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.images.RemoteDockerImage;
import org.testcontainers.utility.DockerImageName;

/** Leaves the tests out where no Docker engine answers or its images cannot be had, and says so in a line. */
public final class DockerEngine implements ExecutionCondition {
    /** Found as a service. */
    public DockerEngine() {}

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return Asked.MISSING
                .map(missing -> ConditionEvaluationResult.disabled("Nothing is tested against containers: " + missing))
                .orElseGet(() -> ConditionEvaluationResult.enabled("a Docker engine answers, and has the images"));
    }

    /** Asked once. */
    private static final class Asked {
        static final Optional<String> MISSING = missing();

        static {
            MISSING.ifPresent(missing -> System.out.println("Nothing is tested against containers: " + missing));
        }

        private static Optional<String> missing() {
            try {
                if (!DockerClientFactory.instance().isDockerAvailable()) {
                    return Optional.of("no Docker engine answers");
                }
            } catch (RuntimeException e) {
                return Optional.of("the Docker engine lacks what Testcontainers needs: " + reason(e));
            }
            for (DockerImageName image : ContainerServers.images()) {
                try {
                    new RemoteDockerImage(image).get();
                } catch (RuntimeException e) {
                    return Optional.of("the Docker engine has no " + image + ", and can get none: " + reason(e));
                }
            }
            return Optional.empty();
        }

        private static String reason(Throwable thrown) {
            Throwable cause = thrown;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
        }
    }
}
