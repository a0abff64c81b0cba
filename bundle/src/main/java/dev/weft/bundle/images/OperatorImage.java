package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The image of the operator: Quarkus' fast-jar on a runtime of its own. It runs without root and writes no file. */
final class OperatorImage {
    static final String NAME = "weft-operator";

    /**
     * What jdeps finds, and jdk.zipfs for Quarkus' class loader, without what the operator does not reach: java.desktop and java.sql are for Quarkus' development
     * mode and for meters of databases.
     */
    static final SortedSet<String> MODULES = new TreeSet<>(List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "jdk.management",
            "jdk.unsupported",
            "jdk.zipfs"));

    /** Fits a limit of 128 MiB. */
    static final List<String> JVM_FLAGS = List.of(
            "-XX:+UseSerialGC",
            "-Xmx40m",
            "-Xss256k",
            "-XX:TieredStopAtLevel=1",
            "-XX:ReservedCodeCacheSize=24m",
            "-XX:+UseCompactObjectHeaders",
            "-XX:-UsePerfData",
            "-XX:+ExitOnOutOfMemoryError",
            "--enable-native-access=ALL-UNNAMED");

    private static final String ARCHIVE = "/app/weft-operator.jsa";
    private static final String ARGUMENTS = "/app/weft-operator";

    private final BuildInputs inputs;

    OperatorImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        if (!Files.exists(inputs.operatorApp().resolve("quarkus-run.jar"))) {
            throw new ImageBuildException("there is no quarkus-run.jar in " + inputs.operatorApp()
                    + ": build operator first, for example with make build");
        }
        RootFs rootFs = RootFs.createIn(inputs.work().resolve(NAME));
        new CLibrary(inputs.platform(), inputs.sysroot()).addTo(rootFs);
        new JavaRuntime(inputs.jdk(), MODULES).addTo(rootFs, inputs.work());
        addApp(rootFs);
        if (Platform.ofThisMachine() == inputs.platform()) {
            new ClassDataArchive(inputs.work())
                    .addTo(rootFs, "classes", JVM_FLAGS, List.of(), "weft-operator.classlist", ARCHIVE);
        }

        var arguments = new ArrayList<>(JVM_FLAGS);
        arguments.add("-XX:SharedArchiveFile=" + ARCHIVE);
        arguments.addAll(List.of("-jar", "/app/quarkus-run.jar"));
        rootFs.write("app", String.join("\n", arguments) + "\n", ARGUMENTS);
        return new ImagePlan(
                NAME,
                "Weft operator: runs a cluster's networking from one ClusterNetwork",
                rootFs,
                List.of(JavaRuntime.HOME + "/bin/java", "@" + ARGUMENTS),
                List.of(),
                Map.of("LANG", "C.UTF-8", "WEFT_VERSION", version),
                "65532:65532");
    }

    private void addApp(RootFs rootFs) throws IOException {
        Path app = inputs.operatorApp();
        for (Path file : RootFs.filesBelow(app)) {
            String name = app.relativize(file).toString();
            boolean others = name.startsWith("lib/") && !name.contains("dev.weft.");
            rootFs.copy(others ? "dependencies" : "app", file, "/app/" + name);
        }
    }
}
