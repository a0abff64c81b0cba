package dev.weft.bundle.images;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The image of the operator: the jars of Quarkus' fast-jar on a runtime of its own. It runs without root and writes no
 * file.
 *
 * <p>Quarkus' own class loader reads jars faster than the JDK's, but the classes that it loads cannot be archived. With
 * the jars on a plain class path they can, which is faster still and takes less memory.
 */
final class OperatorImage {
    /**
     * What jdeps finds, and jdk.zipfs for looking into jars, without what the operator does not reach: java.desktop and
     * java.sql are for Quarkus' development mode and for meters of databases.
     */
    private static final SortedSet<String> MODULES = new TreeSet<>(List.of(
            "java.base",
            "java.logging",
            "java.management",
            "java.naming",
            "java.net.http",
            "jdk.management",
            "jdk.unsupported",
            "jdk.zipfs"));

    private static final JavaProgram PROGRAM = new JavaProgram(
            "weft-operator",
            "Weft operator: runs a cluster's networking from one ClusterNetwork",
            MODULES,
            JavaProgram.flags(
                    // Fits a limit of 128 MiB.
                    "-Xmx36m",
                    "-XX:TieredStopAtLevel=1",
                    // As in the manifest of Quarkus' own starter: JBoss Threads and Netty reach into these.
                    "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"),
            JavaProgram.ONE_ARENA,
            // Quarkus generates it when it builds the application.
            "io.quarkus.runner.GeneratedMain",
            List.of(),
            "65532:65532");

    private final BuildInputs inputs;

    OperatorImage(BuildInputs inputs) {
        this.inputs = inputs;
    }

    ImagePlan assemble(String version) throws IOException, ImageBuildException, InterruptedException {
        if (!Files.exists(inputs.operatorApp().resolve("quarkus-run.jar"))) {
            throw new ImageBuildException("there is no quarkus-run.jar in " + inputs.operatorApp()
                    + ": build operator first, for example with make build");
        }
        RootFs rootFs = PROGRAM.begin(inputs);
        return PROGRAM.finish(inputs, rootFs, addApp(rootFs), version);
    }

    /** Bytecode that Quarkus transformed stands before the classes it was made from. */
    private List<String> addApp(RootFs rootFs) throws IOException {
        var classPath = new ArrayList<String>();
        for (String folder : List.of("quarkus", "app", "lib")) {
            Path source = inputs.operatorApp().resolve(folder);
            for (Path jar : RootFs.filesBelow(source).reversed()) {
                if (jar.toString().endsWith(".jar")) {
                    // Releases of our own jars stay out of the names, so that the class path stays the same.
                    String name =
                            source.relativize(jar).toString().replaceFirst("(weft-[a-z-]+)-[0-9].*[.]jar$", "$1.jar");
                    boolean others = folder.equals("lib") && !name.contains("dev.weft.");
                    String target = "/app/" + folder + "/" + name;
                    rootFs.copy(others ? "dependencies" : "app", jar, target);
                    classPath.add(target);
                }
            }
        }
        return List.copyOf(classPath);
    }
}
