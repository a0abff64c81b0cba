package dev.weft.e2e.programs;

import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Builds the programs of a Go module once, stripped and without C wherever that can be, and keeps them by the hash of what they are made of. */
public final class ProgramCache {

    private final Path root;
    private final Progress progress;

    public ProgramCache(CacheRoot cache, Progress progress) {
        this.root = cache.programs();
        this.progress = progress;
    }

    /** The folder with the programs of all modules. */
    public Path root() {
        return root;
    }

    /** Where a program of the module is; builds the module first if that has not been done. */
    public Path program(GoModule module, String name) {
        return folder(module).resolve(name);
    }

    /** Names the module's programs by what they are built from: the folder under {@code e2e/programs} and a hash. */
    public String version(GoModule module) {
        return module.folder() + "-" + hash(module);
    }

    /** The folder with the module's programs; builds them first if that has not been done. */
    public Path folder(GoModule module) {
        Path built = root.resolve(version(module));
        return OnceOnDisk.make(built.resolve("bin"), () -> build(module, built));
    }

    /** The folder with the sources of a module that this one needs, such as {@code k8s.io/kubernetes}. */
    public Path source(GoModule module, String needed) {
        folder(module);
        Path sources = root.resolve(version(module)).resolve("src");
        Commands.run(List.of(go(), "-C", sources.toString(), "mod", "download", needed), environment(module), "");
        String folder = "{{.Dir}}";
        return Path.of(Commands.run(
                        List.of(go(), "-C", sources.toString(), "list", "-m", "-f", folder, needed),
                        environment(module),
                        "")
                .strip());
    }

    private void build(GoModule module, Path built) throws IOException {
        progress.step("building " + module.folder() + " (" + String.join(", ", names(module))
                + "), once; later starts take them from " + built);
        Path sources = Files.createDirectories(built.resolve("src"));
        Path partial = Files.createDirectories(built.resolve("bin.partial"));
        for (String file : files(module)) {
            try (InputStream in = open(module, file)) {
                Files.copy(in, sources.resolve(file), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        if (!module.packages().isEmpty()) {
            List<String> build = new ArrayList<>(List.of(go(), "-C", sources.toString(), "build", "-trimpath"));
            build.addAll(module.flags());
            // Go names a program after its package; a single one gets its name here, as etcd's package is "server".
            build.addAll(List.of(
                    "-o",
                    module.packages().size() > 1
                            ? partial + "/"
                            : partial + "/" + names(module).getFirst()));
            build.addAll(new TreeMap<>(module.packages()).values());
            Commands.run(build, environment(module), "");
        }
        module.testPackages().forEach((name, goPackage) -> {
            List<String> test = new ArrayList<>(List.of(go(), "-C", sources.toString(), "test", "-c", "-trimpath"));
            test.addAll(module.flags());
            test.addAll(List.of("-o", partial.resolve(name).toString(), goPackage));
            Commands.run(test, environment(module), "");
        });
        Files.move(partial, built.resolve("bin"), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Go's own archive unpacks to /usr/local/go, which root's PATH often lacks. */
    private static String go() {
        Path usual = Path.of("/usr/local/go/bin/go");
        return Files.isExecutable(usual) ? usual.toString() : "go";
    }

    private static Map<String, String> environment(GoModule module) {
        return Map.of("CGO_ENABLED", module.cgo() ? "1" : "0", "GOFLAGS", "-buildvcs=false");
    }

    private static List<String> names(GoModule module) {
        List<String> names = new ArrayList<>(new TreeMap<>(module.packages()).keySet());
        names.addAll(module.testPackages().keySet());
        return names;
    }

    private static List<String> files(GoModule module) {
        List<String> files = new ArrayList<>(List.of("go.mod", "go.sum"));
        files.addAll(module.sources());
        return files;
    }

    private static String hash(GoModule module) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (String file : files(module)) {
                try (InputStream in = open(module, file)) {
                    digest.update(in.readAllBytes());
                }
            }
            String rest = module.flags() + " " + names(module) + " "
                    + environment(module).get("CGO_ENABLED") + " " + System.getProperty("os.arch");
            digest.update(rest.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the Go module " + module.folder(), e);
        }
    }

    private static InputStream open(GoModule module, String file) {
        InputStream in = ProgramCache.class.getResourceAsStream(module.folder() + "/" + file);
        if (in == null) {
            throw new IllegalStateException("the Go module " + module.folder() + " has no file " + file);
        }
        return in;
    }
}
