package dev.weft.e2e.lab;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keeps a lab's description beside its files, so that later commands know it. */
final class SpecFile {
    private static final String LIST = ",";

    private SpecFile() {}

    static void write(Path file, LabSpec spec) {
        LabPaths.write(file, """
                nodes=%d
                peers=%s
                archives=%s
                """.formatted(
                spec.nodes(),
                spec.peers().stream().map(Peer::option).sorted().collect(Collectors.joining(LIST)),
                spec.archives().stream().map(a -> a.toAbsolutePath().toString()).collect(Collectors.joining(LIST))));
    }

    static LabSpec read(LabName name, Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(LabPaths.read(file)));
        } catch (IOException e) {
            throw new LabException("cannot read " + file, e);
        }
        return new LabSpec(
                name,
                Integer.parseInt(properties.getProperty("nodes", "1")),
                list(properties, "peers").map(Peer::parse).collect(Collectors.toSet()),
                list(properties, "archives").map(Path::of).toList());
    }

    private static Stream<String> list(Properties properties, String key) {
        List<String> values = Arrays.asList(properties.getProperty(key, "").split(LIST));
        return values.stream().filter(v -> !v.isEmpty());
    }
}
