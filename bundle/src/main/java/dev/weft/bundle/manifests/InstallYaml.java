package dev.weft.bundle.manifests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One file that installs the operator: the namespace, the CRD, rights, and the operator, in this order.
 *
 * @param version release of the images
 * @param registry in front of the images' names
 */
public record InstallYaml(String version, String registry) {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([a-z]+)}");

    /**
     * @param manifests folder of the files, which are taken in the order of their names
     * @param crd the CRD, which follows the first file
     * @throws IllegalArgumentException if a file names a variable that does not exist
     */
    String from(Path manifests, Path crd) throws IOException {
        try (Stream<Path> files = Files.list(manifests)) {
            List<Path> sorted =
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
            List<Path> all = Stream.of(sorted.subList(0, 1), List.of(crd), sorted.subList(1, sorted.size()))
                    .flatMap(List::stream)
                    .toList();
            StringBuilder text =
                    new StringBuilder("# Weft " + version + ": kubectl apply --server-side -f install.yaml\n");
            for (Path file : all) {
                String content = Files.readString(file);
                text.append("---\n").append(filled(content.startsWith("---\n") ? content.substring(4) : content));
                if (!content.endsWith("\n")) {
                    text.append('\n');
                }
            }
            return text.toString();
        }
    }

    private String filled(String text) {
        Map<String, String> values = Map.of("version", version, "registry", registry);
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.replaceAll(found -> {
            String value = values.get(found.group(1));
            if (value == null) {
                throw new IllegalArgumentException(found.group() + " is not one of "
                        + values.keySet().stream().sorted().collect(Collectors.joining(", ")));
            }
            return Matcher.quoteReplacement(value);
        });
    }

    /** Arguments: folder of manifests, CRD, version, registry, file to write. */
    public static void main(String[] args) throws IOException {
        Path target = Path.of(args[4]);
        Files.createDirectories(target.toAbsolutePath().getParent());
        Files.writeString(target, new InstallYaml(args[2], args[3]).from(Path.of(args[0]), Path.of(args[1])));
    }
}
