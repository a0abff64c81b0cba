package dev.weft.kube;

import java.util.HashSet;
import java.util.Set;

/** Reads a CustomResourceDefinition (apiextensions.k8s.io/v1). */
final class CustomKindDraft implements Decoder.Draft<CustomKind> {
    private final Set<String> served = new HashSet<>(2);
    private boolean established;

    @Override
    public void field(String name, JsonInput in) throws KubeException {
        switch (name) {
            case "spec" ->
                in.object((field, value) -> {
                    if (field.equals("versions")) {
                        value.array(this::version);
                    }
                });
            case "status" ->
                in.object((field, value) -> {
                    if (field.equals("conditions")) {
                        value.array(this::condition);
                    }
                });
            default -> {}
        }
    }

    private void version(JsonInput in) throws KubeException {
        String[] name = {""};
        boolean[] isServed = {false};
        in.object((field, value) -> {
            switch (field) {
                case "name" -> name[0] = value.string();
                case "served" -> isServed[0] = value.isTrue();
                default -> {}
            }
        });
        if (isServed[0]) {
            served.add(name[0]);
        }
    }

    private void condition(JsonInput in) throws KubeException {
        String[] typeAndStatus = {"", ""};
        in.object((field, value) -> {
            switch (field) {
                case "type" -> typeAndStatus[0] = value.string();
                case "status" -> typeAndStatus[1] = value.string();
                default -> {}
            }
        });
        established |= typeAndStatus[0].equals("Established") && typeAndStatus[1].equals("True");
    }

    @Override
    public CustomKind finish(ObjectMeta meta) {
        return new CustomKind(meta.name(), established ? served : Set.of());
    }
}
