package booking.gateway;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Imports run one way: http knows the others, await knows what follow gives it, and they know nobody else. */
class GatewayShapeTest {
    private static final JavaClasses GATEWAY = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("booking.gateway");

    @Test
    void onlyHttpKnowsVertx() {
        noClasses()
                .that()
                .resideOutsideOfPackage("booking.gateway.http")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..")
                .check(GATEWAY);
    }

    @Test
    void onlyReadKnowsTheDatabase() {
        noClasses()
                .that()
                .resideOutsideOfPackage("booking.gateway.read")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..", "com.zaxxer..")
                .check(GATEWAY);
    }

    @Test
    void thePartsKnowNeitherHttpNorEachOther() {
        for (String part : new String[] {"send", "await", "read", "follow", "limit"}) {
            noClasses()
                    .that()
                    .resideInAPackage("booking.gateway." + part)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(Stream.of("http", "send", "await", "read", "follow", "limit")
                            .filter(other -> !other.equals(part))
                            .filter(other -> !(part.equals("await") && other.equals("follow")))
                            .map(other -> "booking.gateway." + other)
                            .toArray(String[]::new))
                    .check(GATEWAY);
        }
    }

    @Test
    void theProcessorIsUnknownHere() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("booking.processor..")
                .check(GATEWAY);
    }
}
