package booking.processor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Imports run one way: stream, desk, then decision and store, then the contract. */
@AnalyzeClasses(packages = "booking", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule RULES_KNOW_NOTHING_BUT_JAVA_AND_THE_CONTRACT = classes()
            .that()
            .resideInAPackage("booking.processor.decision")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "booking.schemas..", "booking.processor.decision", "org.jspecify..");

    @ArchTest
    static final ArchRule THE_STORE_KNOWS_NEITHER_DESK_NOR_STREAM = noClasses()
            .that()
            .resideInAPackage("booking.processor.store")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "booking.processor.desk",
                    "booking.processor.stream",
                    "booking.processor.followup",
                    "org.apache.kafka..");

    @ArchTest
    static final ArchRule THE_DESK_KNOWS_NO_STREAM = noClasses()
            .that()
            .resideInAPackage("booking.processor.desk")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("booking.processor.stream", "org.apache.kafka.streams..");

    @ArchTest
    static final ArchRule WHAT_FOLLOWS_IS_WRITTEN_AND_NEVER_DECIDED = noClasses()
            .that()
            .resideInAPackage("booking.processor.followup")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("booking.processor.desk", "booking.processor.stream");

    @ArchTest
    static final ArchRule ONLY_THE_STORE_SPEAKS_SQL = noClasses()
            .that()
            .resideInAnyPackage(
                    "booking.processor.decision",
                    "booking.processor.desk",
                    "booking.processor.stream",
                    "booking.processor.followup")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.springframework.jdbc..", "org.postgresql..", "com.zaxxer..");

    @ArchTest
    static final ArchRule THE_CONTRACT_KNOWS_NOBODY = noClasses()
            .that()
            .resideInAPackage("booking.schemas..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("booking.processor..", "booking.configuration..");

    @ArchTest
    static final ArchRule THERE_ARE_NO_CYCLES =
            slices().matching("booking.processor.(*)..").should().beFreeOfCycles();
}
