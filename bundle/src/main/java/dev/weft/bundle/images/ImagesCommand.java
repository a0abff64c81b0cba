package dev.weft.bundle.images;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code make images}: writes the OCI archives and, when asked, pushes the images. */
@Command(name = "images", mixinStandardHelpOptions = true, description = "Builds Weft's container images.")
public final class ImagesCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(names = "--root", defaultValue = ".", description = "Top folder of the repository (default: here).")
    private Path root = Path.of(".");

    @Option(names = "--out", description = "Folder for the archives (default: bundle/target/images).")
    private @Nullable Path out;

    @Option(names = "--release", required = true, description = "Version, the tag of the images.")
    private String release = "";

    @Option(names = "--prefix", defaultValue = "weft.dev", description = "Registry and path in the images' names.")
    private String prefix = "weft.dev";

    @Option(names = "--push", description = "Also push to this registry and path, for example registry.example/weft.")
    private @Nullable String push;

    @Option(names = "--insecure", description = "Push over plain HTTP if the registry has no TLS.")
    private boolean insecure;

    @Option(names = "--platform", description = "AMD64 or ARM64 (default: this machine).")
    private @Nullable Platform platform;

    @Option(names = "--jdk", description = "JDK of the target platform (default: the one that runs this).")
    private Path jdk = Path.of(System.getProperty("java.home"));

    @Option(names = "--sysroot", defaultValue = "/", description = "Where the target's C library is (default: /).")
    private Path sysroot = Path.of("/");

    public static void main(String[] args) {
        var command = new CommandLine(new ImagesCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        command.setExecutionExceptionHandler((e, line, result) -> {
            line.getErr().println(e instanceof ImageBuildException ? e.getMessage() : e.toString());
            return 1;
        });
        System.exit(command.execute(args));
    }

    @Override
    public Integer call() throws IOException, ImageBuildException, InterruptedException {
        Path folder = out == null ? root.resolve("bundle/target/images") : out;
        BuildInputs inputs = inputs(folder.toAbsolutePath().normalize());
        var writer = new ImageWriter(inputs.platform(), inputs.work());
        PrintWriter terminal = spec.commandLine().getOut();
        var names = new ArrayList<String>();
        for (ImagePlan plan : plans(inputs)) {
            long start = System.nanoTime();
            Path archive = folder.resolve(plan.name() + "-" + release + ".tar");
            String reference = prefix + "/" + plan.name() + ":" + release;
            String digest = writer.writeArchive(plan, reference, archive);
            names.add(reference + "@" + digest);
            terminal.printf(
                    "%s  %.1f MB  %s  (%d ms)%n",
                    reference, Files.size(archive) / 1e6, archive, (System.nanoTime() - start) / 1_000_000);
            if (push != null) {
                String remote = push + "/" + plan.name() + ":" + release;
                terminal.println("pushed " + remote + "@" + writer.push(plan, remote, insecure));
            }
            terminal.flush();
        }
        Files.write(folder.resolve("images.txt"), names);
        return 0;
    }

    private List<ImagePlan> plans(BuildInputs inputs) throws IOException, ImageBuildException, InterruptedException {
        return List.of(
                new NodeImage(inputs).assemble(release),
                new OperatorImage(inputs).assemble(release),
                new DnsImage(inputs).assemble(release),
                new IngressImage(inputs).assemble(release));
    }

    private BuildInputs inputs(Path folder) throws IOException, ImageBuildException {
        return new BuildInputs(
                platform == null ? Platform.ofThisMachine() : platform,
                jdk,
                sysroot,
                jars("node"),
                root.resolve("dataplane-images/node/shim"),
                root.resolve("operator/target/quarkus-app"),
                jars("dns"),
                jars("ingress"),
                folder.resolve("work"));
    }

    /** Maven wrote the class path down; the module's own jar is not part of it. */
    private List<Path> jars(String module) throws IOException, ImageBuildException {
        Path target = root.resolve("dataplane-images").resolve(module).resolve("target");
        Path file = target.resolve("image.classpath");
        if (!Files.exists(file)) {
            throw new ImageBuildException("there is no " + file + ": build dataplane-images/" + module
                    + " first, for example with make build");
        }
        return Stream.concat(
                        Stream.of(target.resolve("weft-" + module + ".jar")),
                        Stream.of(Files.readString(file).strip().split(":")).map(Path::of))
                .toList();
    }
}
