package dev.weft.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a {@code metav1.LabelSelector}. */
final class LabelSelectorDraft {
    private Map<String, String> labels = Map.of();
    private final List<LabelSelector.Requirement> requirements = new ArrayList<>(0);

    private LabelSelectorDraft() {}

    /** The selector here; everything if it is empty. */
    static LabelSelector read(JsonInput in) throws KubeException {
        LabelSelectorDraft draft = new LabelSelectorDraft();
        in.object(draft::field);
        return draft.labels.isEmpty() && draft.requirements.isEmpty()
                ? LabelSelector.EVERYTHING
                : new LabelSelector(draft.labels, draft.requirements);
    }

    private void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "matchLabels" -> labels = ObjectMeta.strings(in);
            case "matchExpressions" -> in.array(this::requirement);
            default -> {}
        }
    }

    private void requirement(JsonInput in) throws KubeException {
        String[] keyAndOperator = {"", ""};
        List<String> values = new ArrayList<>();
        in.object((field, value) -> {
            switch (field) {
                case "key" -> keyAndOperator[0] = value.string();
                case "operator" -> keyAndOperator[1] = value.string();
                case "values" -> value.array(item -> values.add(item.string()));
                default -> {}
            }
        });
        LabelSelector.Operator operator = switch (keyAndOperator[1]) {
            case "In" -> LabelSelector.Operator.IN;
            case "NotIn" -> LabelSelector.Operator.NOT_IN;
            case "Exists" -> LabelSelector.Operator.EXISTS;
            case "DoesNotExist" -> LabelSelector.Operator.DOES_NOT_EXIST;
            default -> LabelSelector.Operator.UNKNOWN;
        };
        requirements.add(new LabelSelector.Requirement(keyAndOperator[0], operator, values));
    }
}
