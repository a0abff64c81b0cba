package dev.weft.ingress;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Ingress;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.nginx.Catalog;
import dev.weft.ingress.nginx.IngressCompiler;
import dev.weft.ingress.route.Certificate;
import dev.weft.kube.EventNote;
import dev.weft.kube.KubeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What becomes of Ingresses that ingress-nginx served: which annotations are read, which are not, and what to write instead. */
final class Migration {
    private static final String PREFIX = "nginx.ingress.kubernetes.io/";

    private Migration() {}

    /**
     * The report on a folder of YAML, a file, or standard input ({@code -}).
     *
     * @throws IOException if it cannot be read
     */
    static String report(String from) throws IOException {
        ObjectFiles files = new ObjectFiles(Standalone.kinds());
        if (from.equals("-")) {
            try {
                files.read(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (KubeException e) {
                throw new IOException("standard input: " + e.getMessage(), e);
            }
        } else {
            files.readAll(Path.of(from));
        }
        return report(files.cluster());
    }

    static String report(Cluster cluster) {
        StringBuilder text = new StringBuilder();
        Map<String, Set<String>> annotations = new TreeMap<>();
        Set<String> classes = new HashSet<>();
        for (Ingress ingress : cluster.all(Kinds.INGRESSES).values()) {
            ingress.className().ifPresent(classes::add);
            Optional.ofNullable(ingress.annotations().get("kubernetes.io/ingress.class"))
                    .ifPresent(classes::add);
            for (String name : ingress.annotations().keySet()) {
                if (name.startsWith(PREFIX)) {
                    annotations
                            .computeIfAbsent(name.substring(PREFIX.length()), key -> new TreeSet<>())
                            .add(ingress.key().toString());
                }
            }
        }
        text.append("%d Ingresses of the classes %s, %d different annotations of ingress-nginx%n"
                .formatted(cluster.all(Kinds.INGRESSES).size(), new TreeSet<>(classes), annotations.size()));
        section(text, annotations, "Read as ingress-nginx reads them", Catalog.Support.READ);
        section(text, annotations, "Read with a difference", Catalog.Support.PARTLY);
        section(text, annotations, "Nothing to be done", Catalog.Support.NO_EFFECT);
        section(text, annotations, "Not supported", Catalog.Support.UNSUPPORTED);
        section(text, annotations, "Refused", Catalog.Support.REFUSED);
        unknown(text, annotations);
        notes(text, cluster, classes);
        return text.toString();
    }

    private static void section(
            StringBuilder text, Map<String, Set<String>> annotations, String title, Catalog.Support support) {
        boolean first = true;
        for (Map.Entry<String, Set<String>> used : annotations.entrySet()) {
            Catalog.Entry entry = Catalog.find(used.getKey()).orElse(null);
            if (entry != null && entry.support() == support) {
                if (first) {
                    text.append("%n%s:%n".formatted(title));
                    first = false;
                }
                line(text, used, entry);
            }
        }
    }

    private static void line(StringBuilder text, Map.Entry<String, Set<String>> used, Catalog.Entry entry) {
        text.append("  %-42s %5d  %s%n".formatted(used.getKey(), used.getValue().size(), example(used.getValue())));
        if (!entry.says().isEmpty()) {
            text.append("      %s%n".formatted(entry.says()));
        }
        if (!entry.gateway().isEmpty()) {
            text.append("      in Gateway API: %s%n".formatted(entry.gateway()));
        }
    }

    private static String example(Set<String> names) {
        return names.iterator().next() + (names.size() > 1 ? " ..." : "");
    }

    private static void unknown(StringBuilder text, Map<String, Set<String>> annotations) {
        annotations.entrySet().removeIf(used -> Catalog.find(used.getKey()).isPresent());
        if (!annotations.isEmpty()) {
            text.append("%nNot known, also to ingress-nginx:%n".formatted());
            annotations.forEach(
                    (name, names) -> text.append("  %-42s %5d  %s%n".formatted(name, names.size(), example(names))));
        }
    }

    /** What the compiler says about values, hosts, paths and certificates; what is not in the files cannot be known. */
    private static void notes(StringBuilder text, Cluster cluster, Set<String> classes) {
        IngressCompiler compiler = new IngressCompiler(
                new IngressCompiler.Settings(classes, 80, 443, Optional.empty(), new Certificate("none", "", "")));
        Set<String> listed = Set.of("UnsupportedAnnotation", "RefusedAnnotation", "UnknownAnnotation");
        Set<String> lines = new TreeSet<>();
        for (EventNote note : compiler.compile(cluster).notes()) {
            boolean absent = (note.reason().equals("ServiceNotFound")
                            && cluster.all(Kinds.SERVICES).isEmpty())
                    || (note.reason().startsWith("Certificate")
                            && cluster.all(Kinds.SECRETS).isEmpty());
            if (!listed.contains(note.reason()) && !absent) {
                lines.add("  %s/%s: %s%n"
                        .formatted(
                                note.regarding().namespace(), note.regarding().name(), note.note()));
            }
        }
        if (!lines.isEmpty()) {
            text.append("%nTo be looked at:%n".formatted());
            lines.forEach(text::append);
        }
    }
}
