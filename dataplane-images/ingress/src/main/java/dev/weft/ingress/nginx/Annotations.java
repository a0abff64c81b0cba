package dev.weft.ingress.nginx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The annotations of an Ingress that are ingress-nginx', by their short names, as values. What cannot be read is a problem, is
 * told, and counts as not given, as there.
 */
final class Annotations {
    static final String PREFIX = "nginx.ingress.kubernetes.io/";

    /** Weft's own. */
    static final String OWN = "weft.dev/";

    private static final Pattern TRUE = Pattern.compile("1|t|T|TRUE|true|True");
    private static final Pattern FALSE = Pattern.compile("0|f|F|FALSE|false|False");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

    private final Map<String, String> all = new TreeMap<>();
    private final Map<String, String> own = new TreeMap<>();
    private final Map<String, String> problems = new LinkedHashMap<>();

    /** @param of an Ingress, by their whole names */
    Annotations(Map<String, String> of) {
        of.forEach((name, value) -> {
            if (name.startsWith(PREFIX)) {
                all.put(name.substring(PREFIX.length()), value.strip());
            } else if (name.startsWith(OWN)) {
                own.put(name.substring(OWN.length()), value.strip());
            }
        });
    }

    /** Short names of those that are there. */
    List<String> names() {
        return List.copyOf(all.keySet());
    }

    boolean has(String name) {
        return all.containsKey(name);
    }

    /** On one line and not empty; the first of the names that is there. */
    Optional<String> text(String... names) {
        for (String name : names) {
            String value = all.getOrDefault(name, "");
            if (CONTROL.matcher(value).find()) {
                problem(name, "has characters that do not belong there");
            } else if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    /** Text that fits an expression as a whole. */
    Optional<String> text(String name, Pattern form) {
        Optional<String> value = text(name);
        if (value.isPresent() && !form.matcher(value.get()).matches()) {
            problem(name, "'" + value.get() + "' is not of the form that is allowed");
            return Optional.empty();
        }
        return value;
    }

    /** One of several words, whatever their case. */
    Optional<String> word(String name, String... words) {
        Optional<String> value = text(name).map(text -> text.toLowerCase(Locale.ROOT));
        if (value.isPresent() && !List.of(words).contains(value.get())) {
            problem(name, "'" + value.get() + "' is none of " + String.join(", ", words));
            return Optional.empty();
        }
        return value;
    }

    /** As Go's strconv.ParseBool. */
    Optional<Boolean> truth(String name) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (TRUE.matcher(value.get()).matches()) {
            return Optional.of(true);
        }
        if (FALSE.matcher(value.get()).matches()) {
            return Optional.of(false);
        }
        problem(name, "'" + value.get() + "' is neither true nor false");
        return Optional.empty();
    }

    boolean isTrue(String name) {
        return truth(name).orElse(false);
    }

    /** A whole number within bounds. */
    Optional<Integer> number(String name, int least, int most) {
        Optional<String> value = text(name);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        try {
            int number = Integer.parseInt(value.get());
            if (number >= least && number <= most) {
                return Optional.of(number);
            }
            problem(name, number + " is not between " + least + " and " + most);
        } catch (NumberFormatException e) {
            problem(name, "'" + value.get() + "' is no whole number");
        }
        return Optional.empty();
    }

    /** Items between commas, without blanks around them and empty ones. */
    List<String> list(String... names) {
        List<String> items = new ArrayList<>();
        text(names).ifPresent(value -> {
            for (String item : value.split(",")) {
                if (!item.isBlank()) {
                    items.add(item.strip());
                }
            }
        });
        return items;
    }

    /** An annotation of Weft's own, such as {@code limit-status-code}. */
    Optional<String> own(String name) {
        return Optional.ofNullable(own.get(name));
    }

    /** Takes note of something that is wrong with an annotation. */
    void problem(String name, String what) {
        problems.putIfAbsent(name, what);
    }

    /** What is wrong, by short name. */
    Map<String, String> problems() {
        return Map.copyOf(problems);
    }
}
