package dev.weft.ingress.control;

import dev.weft.config.IngressConfig;
import dev.weft.ingress.gateway.Condition;
import dev.weft.ingress.gateway.GatewayStatus;
import dev.weft.ingress.gateway.GatewayStatus.OfClass;
import dev.weft.ingress.gateway.GatewayStatus.OfGateway;
import dev.weft.ingress.gateway.GatewayStatus.OfListener;
import dev.weft.ingress.gateway.GatewayStatus.OfListenerSet;
import dev.weft.ingress.gateway.GatewayStatus.OfParent;
import dev.weft.ingress.gateway.GatewayStatus.OfParents;
import dev.weft.ingress.gateway.api.GatewayApi;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What has to be written so that a status says what it should: lists as a whole (JSON merge patch), with what others wrote
 * into them kept in its place.
 */
final class StatusJson {
    private final Map<String, Object> current;
    private final long generation;
    private final String now;

    private StatusJson(Map<String, Object> current, long generation, Instant now) {
        this.current = current;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * The fields of the status to be changed; empty if it says what it should, or more is known to who wrote it than here.
     *
     * @param now for conditions that change
     */
    static Optional<Map<String, Object>> patch(GatewayStatus status, Instant now) {
        StatusJson json = new StatusJson(status.current(), status.meta().generation(), now);
        Map<String, Object> wanted = switch (status.content()) {
            case OfClass of -> json.of(of);
            case OfGateway of -> json.of(of);
            case OfListenerSet of -> json.of(of);
            case OfParents of -> json.of(of, status.resource().equals(GatewayApi.BACKEND_TLS_POLICY));
        };
        Map<String, Object> changed = new LinkedHashMap<>();
        wanted.forEach((name, value) -> {
            Object before = json.current.get(name);
            boolean same = value.equals(before) || (before == null && value.equals(List.of()));
            if (!same) {
                changed.put(name, value);
            }
        });
        return changed.isEmpty() || json.isAhead(status.current()) ? Optional.empty() : Optional.of(changed);
    }

    private Map<String, Object> of(OfClass of) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("conditions", conditions(current.get("conditions"), of.conditions()));
        fields.put(
                "supportedFeatures",
                of.features().stream().map(name -> Map.of("name", name)).toList());
        return fields;
    }

    private Map<String, Object> of(OfGateway of) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(
                "addresses",
                of.addresses().stream()
                        .map(address -> Map.of("type", address.type(), "value", address.value()))
                        .toList());
        fields.put("conditions", conditions(current.get("conditions"), of.conditions()));
        fields.put("listeners", listeners(of.listeners()));
        if (of.sets() > 0 || current.containsKey("attachedListenerSets")) {
            fields.put("attachedListenerSets", (long) of.sets());
        }
        return fields;
    }

    private Map<String, Object> of(OfListenerSet of) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("conditions", conditions(current.get("conditions"), of.conditions()));
        fields.put("listeners", listeners(of.listeners()));
        return fields;
    }

    private Map<String, Object> of(OfParents of, boolean policy) {
        String list = policy ? "ancestors" : "parents";
        String ref = policy ? "ancestorRef" : "parentRef";
        List<OfParent> missing = new ArrayList<>(of.parents());
        List<Object> parents = new ArrayList<>();
        for (Map<String, Object> entry : objects(current.get(list))) {
            if (!IngressConfig.CONTROLLER.equals(entry.get("controllerName"))) {
                parents.add(entry);
                continue;
            }
            Object named = entry.get(ref);
            missing.stream()
                    .filter(parent -> parent.ref().json().equals(named))
                    .findFirst()
                    .ifPresent(parent -> {
                        missing.remove(parent);
                        parents.add(parent(parent, ref, entry.get("conditions")));
                    });
        }
        missing.forEach(parent -> parents.add(parent(parent, ref, List.of())));
        return Map.of(list, parents);
    }

    private Map<String, Object> parent(OfParent parent, String ref, @Nullable Object before) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(ref, parent.ref().json());
        fields.put("controllerName", IngressConfig.CONTROLLER);
        fields.put("conditions", conditions(before, parent.conditions()));
        return fields;
    }

    private List<Object> listeners(List<OfListener> listeners) {
        List<Object> all = new ArrayList<>();
        for (OfListener listener : listeners) {
            Object before = objects(current.get("listeners")).stream()
                    .filter(entry -> listener.name().equals(entry.get("name")))
                    .findFirst()
                    .map(entry -> entry.get("conditions"))
                    .orElse(List.of());
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("name", listener.name());
            fields.put(
                    "supportedKinds",
                    listener.kinds().stream()
                            .map(kind -> Map.of("group", GatewayApi.GROUP, "kind", kind))
                            .toList());
            fields.put("attachedRoutes", (long) listener.attachedRoutes());
            fields.put("conditions", conditions(before, listener.conditions()));
            all.add(fields);
        }
        return all;
    }

    /** In the order that is there; those that are ours and no longer wanted go, those of others stay. */
    private List<Object> conditions(@Nullable Object before, List<Condition> wanted) {
        Map<String, Condition> missing = new LinkedHashMap<>();
        wanted.forEach(condition -> missing.put(condition.type(), condition));
        List<Object> all = new ArrayList<>();
        for (Map<String, Object> entry : objects(before)) {
            String type = String.valueOf(entry.get("type"));
            Condition condition = missing.remove(type);
            if (condition != null) {
                all.add(condition(condition, entry));
            } else if (!Condition.TYPES.contains(type)) {
                all.add(entry);
            }
        }
        missing.values().forEach(condition -> all.add(condition(condition, Map.of())));
        return all;
    }

    private Map<String, Object> condition(Condition condition, Map<String, Object> before) {
        String status = condition.status() ? "True" : "False";
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", condition.type());
        fields.put("status", status);
        fields.put("observedGeneration", generation);
        fields.put(
                "lastTransitionTime",
                status.equals(before.get("status")) && before.get("lastTransitionTime") instanceof String since
                        ? since
                        : now);
        fields.put("reason", condition.reason());
        fields.put("message", condition.message());
        return fields;
    }

    /** Whether a condition of ours is of a later generation than the object that was compiled (GatewayStatus). */
    private boolean isAhead(@Nullable Object json) {
        return switch (json) {
            case List<?> items -> items.stream().anyMatch(this::isAhead);
            case Map<?, ?> fields ->
                (fields.get("observedGeneration") instanceof Long observed
                                && Condition.TYPES.contains(String.valueOf(fields.get("type")))
                                && observed > generation)
                        || fields.values().stream().anyMatch(this::isAhead);
            case null, default -> false;
        };
    }

    private static List<Map<String, Object>> objects(@Nullable Object list) {
        List<Map<String, Object>> objects = new ArrayList<>();
        if (list instanceof List<?> items) {
            for (Object item : items) {
                if (item instanceof Map<?, ?> map) {
                    Map<String, Object> fields = new LinkedHashMap<>();
                    map.forEach(
                            (name, value) -> fields.put(String.valueOf(name), Objects.requireNonNullElse(value, "")));
                    objects.add(fields);
                }
            }
        }
        return objects;
    }
}
