package dev.weft.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The arrows between packages. */
class ArchitectureTest {
    private static final String ROOT = "dev.weft.operator.";
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft.operator");

    @Test
    void packagesHaveNoCycles() {
        SlicesRuleDefinition.slices()
                .matching("dev.weft.operator.(*)..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }

    @Test
    void whatDecidesTouchesNothing() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + "plan..",
                        ROOT + "dns..",
                        ROOT + "template..",
                        ROOT + "rollout..",
                        ROOT + "status..",
                        ROOT + "revision..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "apply..", ROOT + "agents..", "io.javaoperatorsdk..", "java.net.http..")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .check(CLASSES);
    }

    @Test
    void onlyApplyWrites() {
        noClasses()
                .that()
                .resideInAnyPackage(ROOT + "observe..", ROOT + "agents..", ROOT + "health..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + "apply..")
                .check(CLASSES);
    }

    @Test
    void operatorAndDataPlaneMeetOnlyInTheirContract() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.weft.linux..",
                        "dev.weft.nftables..",
                        "dev.weft.cni..",
                        "dev.weft.agent..",
                        "dev.weft.node..",
                        "dev.weft.kube..")
                .check(CLASSES);
    }
}
