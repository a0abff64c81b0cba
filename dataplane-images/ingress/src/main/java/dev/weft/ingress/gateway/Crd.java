package dev.weft.ingress.gateway;

import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.ObjectMeta;
import java.util.ArrayList;
import java.util.List;

/**
 * A CustomResourceDefinition, of which only the names matter here.
 *
 * @param versions that are served
 */
public record Crd(String group, String plural, List<String> versions) {
    public Crd {
        versions = List.copyOf(versions);
    }

    /** Reads one; schemas stream by. */
    static final class Draft implements Decoder.Draft<Crd> {
        private final List<String> versions = new ArrayList<>(2);
        private String group = "";
        private String plural = "";

        @Override
        public void field(String name, JsonInput in) throws KubeException {
            if (name.equals("spec")) {
                in.object((field, value) -> {
                    switch (field) {
                        case "group" -> group = value.string();
                        case "names" ->
                            value.object((key, text) -> {
                                if (key.equals("plural")) {
                                    plural = text.string();
                                }
                            });
                        case "versions" -> value.array(this::version);
                        default -> {}
                    }
                });
            }
        }

        private void version(JsonInput in) throws KubeException {
            String[] name = {""};
            boolean[] served = {false};
            in.object((field, value) -> {
                switch (field) {
                    case "name" -> name[0] = value.string();
                    case "served" -> served[0] = value.isTrue();
                    default -> {}
                }
            });
            if (served[0] && !name[0].isEmpty()) {
                versions.add(name[0]);
            }
        }

        @Override
        public Crd finish(ObjectMeta meta) {
            return new Crd(group, plural, versions);
        }
    }
}
