package dev.weft.ingress.gateway.api;

import dev.weft.kube.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whose namespaces may attach. */
public record NamespaceRule(From from, LabelSelector selector) {
    /** Where from. */
    public enum From {
        ALL,
        SAME,
        SELECTOR,
        NONE
    }

    static NamespaceRule of(Json json, From otherwise) {
        From from = switch (json.string("from")) {
            case "All" -> From.ALL;
            case "Same" -> From.SAME;
            case "Selector" -> From.SELECTOR;
            case "None" -> From.NONE;
            case "" -> otherwise;
            // One that is new in its meaning lets nobody in.
            default -> From.NONE;
        };
        return new NamespaceRule(
                from, from == From.SELECTOR ? selector(json.get("selector")) : LabelSelector.EVERYTHING);
    }

    /**
     * @param own namespace of whom is attached to
     * @param other namespace of who attaches
     * @param labels of that namespace
     */
    public boolean allows(String own, String other, Map<String, String> labels) {
        return switch (from) {
            case ALL -> true;
            case SAME -> own.equals(other);
            case SELECTOR -> selector.matches(labels);
            case NONE -> false;
        };
    }

    private static LabelSelector selector(Json json) {
        List<LabelSelector.Requirement> requirements = new ArrayList<>();
        for (Json item : json.array("matchExpressions")) {
            LabelSelector.Operator operator = switch (item.string("operator")) {
                case "In" -> LabelSelector.Operator.IN;
                case "NotIn" -> LabelSelector.Operator.NOT_IN;
                case "Exists" -> LabelSelector.Operator.EXISTS;
                case "DoesNotExist" -> LabelSelector.Operator.DOES_NOT_EXIST;
                default -> LabelSelector.Operator.UNKNOWN;
            };
            requirements.add(new LabelSelector.Requirement(item.string("key"), operator, item.strings("values")));
        }
        return new LabelSelector(json.map("matchLabels"), requirements);
    }
}
