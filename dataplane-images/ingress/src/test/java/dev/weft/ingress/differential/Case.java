package dev.weft.ingress.differential;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Ingresses ask for, what nginx is told in their place, and what both are asked. Read from the files of the folder
 * {@code differential/cases}; the README beside it says how they are written.
 *
 * @param objects YAML of what the Ingresses name besides the bed's Services and Secrets
 * @param notes reasons of the Events that the Ingresses get
 * @param cookie whose value is each side's own; empty for none
 * @param awaits the backend that is asked on the side, once for each request; empty for none
 * @param logged whether lines of the access log are counted
 */
record Case(
        String name,
        List<Ingress> ingresses,
        String objects,
        Nginx nginx,
        List<Request> requests,
        List<Difference> differences,
        List<String> notes,
        String cookie,
        String awaits,
        boolean logged) {
    /**
     * An Ingress with one host.
     *
     * @param annotations by their short names; a name with a slash is whole
     * @param paths such as {@code Prefix /}
     */
    record Ingress(
            String name,
            String host,
            String service,
            boolean tls,
            Map<String, String> annotations,
            List<String> paths) {}

    /**
     * Text of nginx' configuration.
     *
     * @param files that it names, by their names
     * @param location of the location that all paths have, which leads to the backend {@code web}
     * @param locations in the place of that one
     */
    record Nginx(
            Map<String, String> files, String main, String http, String server, String location, String locations) {}

    /**
     * Lines that one side has and the other has not, and why that is right.
     *
     * @param nginx whole lines that are nginx' alone; never found if it is empty
     * @param weft that are Weft's in their place
     */
    record Difference(Pattern nginx, Pattern weft, String why) {}

    private static final Path FOLDER = Path.of("src/test/resources/differential");
    private static final Set<String> OF_INGRESS = Set.of("name", "host", "service", "tls", "annotations", "paths");
    private static final Set<String> OF_CASE =
            Set.of("also", "objects", "nginx", "requests", "differs", "notes", "cookie", "awaits", "logged");
    private static final Set<String> OF_NGINX = Set.of("files", "main", "http", "server", "location", "locations");

    /** All, in the order of their files' names. */
    static List<Case> all() throws IOException {
        List<Case> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER.resolve("cases"))) {
            for (Path file : files.sorted().toList()) {
                for (JsonNode node : yaml(file)) {
                    try {
                        all.add(read(node));
                    } catch (IllegalArgumentException e) {
                        throw new IOException(file + ", " + node.path("name").asText() + ": " + e.getMessage(), e);
                    }
                }
            }
        }
        return all;
    }

    /** The keys and values of a file that has nothing else. */
    static Map<String, String> table(String file) throws IOException {
        return texts(yaml(FOLDER.resolve(file)));
    }

    private static JsonNode yaml(Path file) throws IOException {
        return new YAMLMapper().readTree(Files.readString(file));
    }

    private static Case read(JsonNode node) {
        node.fieldNames().forEachRemaining(key -> {
            if (!OF_CASE.contains(key)) {
                known(key, OF_INGRESS);
            }
        });
        List<Ingress> ingresses = new ArrayList<>(List.of(ingress(node, "web")));
        for (JsonNode other : node.path("also")) {
            other.fieldNames().forEachRemaining(key -> known(key, OF_INGRESS));
            ingresses.add(ingress(other, other.path("name").asText("other")));
        }
        JsonNode nginx = node.path("nginx");
        nginx.fieldNames().forEachRemaining(key -> known(key, OF_NGINX));
        List<Difference> differences = new ArrayList<>();
        for (JsonNode each : node.path("differs")) {
            differences.add(new Difference(
                    lines(each.path("nginx").asText("")),
                    lines(each.path("weft").asText("")),
                    each.required("why").asText()));
        }
        return new Case(
                node.required("name").asText(),
                ingresses,
                node.path("objects").asText(""),
                new Nginx(
                        texts(nginx.path("files")),
                        nginx.path("main").asText(""),
                        nginx.path("http").asText(""),
                        nginx.path("server").asText(""),
                        nginx.path("location").asText(""),
                        nginx.path("locations").asText("")),
                list(node.path("requests")).stream().map(Request::of).toList(),
                differences,
                list(node.path("notes")),
                node.path("cookie").asText(""),
                node.path("awaits").asText(""),
                node.path("logged").asBoolean(false));
    }

    private static Ingress ingress(JsonNode node, String name) {
        List<String> paths = list(node.path("paths"));
        return new Ingress(
                name,
                node.path("host").asText("a.example"),
                node.path("service").asText("web"),
                node.path("tls").asBoolean(false),
                texts(node.path("annotations")),
                paths.isEmpty() ? List.of("Prefix /") : paths);
    }

    /** An expression for one of several lines. */
    private static Pattern lines(String expression) {
        return Pattern.compile(expression.isEmpty() ? "(?!)" : expression.strip());
    }

    private static List<String> list(JsonNode node) {
        List<String> texts = new ArrayList<>();
        node.forEach(each -> texts.add(each.asText()));
        return texts;
    }

    private static Map<String, String> texts(JsonNode node) {
        Map<String, String> texts = new LinkedHashMap<>();
        node.properties()
                .forEach(entry -> texts.put(entry.getKey(), entry.getValue().asText()));
        return texts;
    }

    private static void known(String key, Set<String> keys) {
        if (!keys.contains(key)) {
            throw new IllegalArgumentException("no such key: " + key);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
