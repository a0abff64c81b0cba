package dev.weft.linux;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses WEFT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.weft");

    @Test
    void onlyThisPackageCallsNativeCode() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weft.linux")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(WEFT);
    }

    @Test
    void linuxRestsOnNothingButTheJdkAndValues() {
        classes()
                .that()
                .resideInAPackage("dev.weft.linux..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.weft.linux..", "dev.weft.net", "java..", "org.jspecify..")
                .check(WEFT);
    }

    @Test
    void thePackageBelowDoesNotKnowRoutes() {
        noClasses()
                .that()
                .resideInAPackage("dev.weft.linux")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weft.linux.route..")
                .check(WEFT);
    }
}
