package dev.weft.kube;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A {@code metav1.LabelSelector}: all of it must hold, and an empty one selects everything. Two that say the same in
 * another order are equal.
 *
 * @param labels that must be there with these values
 * @param requirements {@code matchExpressions}
 */
public record LabelSelector(Map<String, String> labels, List<Requirement> requirements) {
    public static final LabelSelector EVERYTHING = new LabelSelector(Map.of(), List.of());

    /** A qualified name and a label's value: IsQualifiedName and IsValidLabelValue of apimachinery. */
    private static final Pattern KEY =
            Pattern.compile("([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?");

    private static final Pattern VALUE = Pattern.compile("([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    public LabelSelector {
        labels = Map.copyOf(labels);
        requirements = requirements.stream()
                .distinct()
                .sorted(Comparator.comparing(Requirement::toString))
                .toList();
    }

    /** One of {@code matchExpressions}. */
    public enum Operator {
        IN("in"),
        NOT_IN("notin"),
        EXISTS("exists"),
        DOES_NOT_EXIST("!"),
        /** One that this release does not know: selects nothing. */
        UNKNOWN("?");

        private final String text;

        Operator(String text) {
            this.text = text;
        }
    }

    /**
     * @param values sorted; empty unless the operator takes some
     */
    public record Requirement(String key, Operator operator, List<String> values) {
        public Requirement {
            values = values.stream().distinct().sorted().toList();
        }

        boolean matches(Map<String, String> of) {
            String value = of.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                // Absent counts as another value: apimachinery's labels.Requirement.Matches.
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case UNKNOWN -> false;
            };
        }

        boolean isValid() {
            return KEY.matcher(key).matches()
                    && switch (operator) {
                        case IN, NOT_IN -> !values.isEmpty() && values.stream().allMatch(LabelSelector::isValue);
                        case EXISTS, DOES_NOT_EXIST -> values.isEmpty();
                        case UNKNOWN -> false;
                    };
        }

        @Override
        public String toString() {
            return switch (operator) {
                case IN, NOT_IN -> key + " " + operator.text + " (" + String.join(",", values) + ")";
                case EXISTS -> key;
                case DOES_NOT_EXIST -> "!" + key;
                case UNKNOWN -> key + " ?";
            };
        }
    }

    /** Whether an object with these labels is selected. */
    public boolean matches(Map<String, String> of) {
        for (Map.Entry<String, String> label : labels.entrySet()) {
            if (!label.getValue().equals(of.get(label.getKey()))) {
                return false;
            }
        }
        for (Requirement requirement : requirements) {
            if (!requirement.matches(of)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isValue(String text) {
        return VALUE.matcher(text).matches();
    }

    /** Whether apimachinery would take it ({@code LabelSelectorAsSelector}); else nobody knows what it means. */
    public boolean isValid() {
        return labels.entrySet().stream()
                        .allMatch(label -> KEY.matcher(label.getKey()).matches() && isValue(label.getValue()))
                && requirements.stream().allMatch(Requirement::isValid);
    }

    public boolean isEverything() {
        return labels.isEmpty() && requirements.isEmpty();
    }

    /** As kubectl writes selectors, in an order of its own; the same for equal ones; empty for everything. */
    @Override
    public String toString() {
        SortedMap<String, String> sorted = new TreeMap<>(labels);
        return Stream.concat(
                        sorted.entrySet().stream().map(label -> label.getKey() + "=" + label.getValue()),
                        requirements.stream().map(Requirement::toString))
                .collect(Collectors.joining(","));
    }
}
