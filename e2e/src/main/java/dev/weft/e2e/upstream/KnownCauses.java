package dev.weft.e2e.upstream;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why some tests cannot pass here, by a part of their names. The lists are the files {@code known/*.txt}: a line with a part
 * of the name, then indented lines with the cause.
 *
 * @param causes cause by part of the name
 */
record KnownCauses(Map<String, String> causes) {
    KnownCauses {
        causes = Map.copyOf(causes);
    }

    /**
     * Reads the lists with these names; one that does not exist is empty.
     *
     * @throws IllegalArgumentException if one has a name without a cause or a cause without a name
     */
    static KnownCauses of(List<String> lists) {
        Map<String, String> causes = new LinkedHashMap<>();
        for (String list : lists) {
            try (InputStream in = KnownCauses.class.getResourceAsStream("known/" + list + ".txt")) {
                if (in != null) {
                    causes.putAll(parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return new KnownCauses(causes);
    }

    /** Reads one list. Empty lines and those that begin with a number sign are for people. */
    static Map<String, String> parse(String text) {
        Map<String, String> causes = new LinkedHashMap<>();
        String name = "";
        for (String line : text.lines().toList()) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (!Character.isWhitespace(line.charAt(0))) {
                name = line.strip();
                causes.put(name, "");
            } else if (name.isEmpty()) {
                throw new IllegalArgumentException("a cause without a test before it: " + line.strip());
            } else {
                causes.merge(name, line.strip(), (before, more) -> (before + " " + more).strip());
            }
        }
        causes.forEach((test, cause) -> {
            if (cause.isEmpty()) {
                throw new IllegalArgumentException("no cause is given for: " + test);
            }
        });
        return causes;
    }

    /** Why the test with this name cannot pass, if that is known. */
    Optional<String> of(String test) {
        return causes.entrySet().stream()
                .filter(entry -> test.contains(entry.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
