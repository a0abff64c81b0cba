package dev.weft.ingress.control;

import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.kube.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Something to be done about the Services of Gateways. */
sealed interface ServiceWrite {
    ObjectKey key();

    /** To have it like this, whatever it is now. */
    record Apply(ObjectKey key, Map<String, Object> json) implements ServiceWrite {}

    /**
     * To have it with another address, which a Service cannot change.
     *
     * @param trial of another name, to ask first whether the address can be had
     */
    record Replace(ObjectKey key, Map<String, Object> json, Map<String, Object> trial) implements ServiceWrite {}

    /** To have an alias; one of this name that is somebody else's is left alone. */
    record Alias(ObjectKey key, Map<String, Object> json) implements ServiceWrite {}

    record Delete(ObjectKey key) implements ServiceWrite {}

    /** What the proxies' pods have in common. */
    Map<String, String> SELECTOR = Map.of("app.kubernetes.io/name", "weft-ingress");

    /** {@link #SELECTOR} as the API server takes it. */
    String SELECTOR_TEXT = "app.kubernetes.io/name=weft-ingress";

    /** Tells what of a Service is ours to take away, as labels and annotations of others are not. */
    String APPLIED = "weft.dev/applied";

    /**
     * All that differs.
     *
     * @param services what there is
     * @param reserved ports of the proxy that are not for Gateways
     * @param domain of the cluster, such as {@code cluster.local}
     */
    static List<ServiceWrite> of(
            Collection<ServicePlan> plans,
            Map<ObjectKey, GatewayService> services,
            Set<Integer> reserved,
            String domain) {
        Map<ObjectKey, Map<ServicePlan.Port, Integer>> targets = PortAllocation.of(plans, services, reserved);
        List<ServiceWrite> writes = new ArrayList<>();
        Set<ObjectKey> kept = new HashSet<>();
        for (ServicePlan plan : plans) {
            kept.add(plan.key());
            kept.add(plan.alias());
            if (plan.ports().isEmpty()) {
                continue;
            }
            ServiceJson json = new ServiceJson(plan, targets.getOrDefault(plan.key(), Map.of()));
            GatewayService now = services.get(plan.key());
            Map<String, Object> service = json.service(plan.key().name());
            if (now != null && json.needsOtherAddress(now)) {
                writes.add(
                        new Replace(plan.key(), service, json.service(plan.key().name() + "-try")));
            } else if (now == null || json.differs(now, service)) {
                writes.add(new Apply(plan.key(), service));
            }
            GatewayService alias = services.get(plan.alias());
            Map<String, Object> wanted = json.alias(domain);
            if (alias == null || json.differs(alias, wanted)) {
                writes.add(new Alias(plan.alias(), wanted));
            }
        }
        for (ObjectKey key : services.keySet()) {
            if (!kept.contains(key)) {
                writes.add(new Delete(key));
            }
        }
        return writes;
    }

    /** Makes the text of a plan's Services. */
    final class ServiceJson {
        private final ServicePlan plan;
        private final Map<ServicePlan.Port, Integer> targets;

        ServiceJson(ServicePlan plan, Map<ServicePlan.Port, Integer> targets) {
            this.plan = plan;
            this.targets = targets;
        }

        Map<String, Object> service(String name) {
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("type", plan.type());
            spec.put("selector", SELECTOR);
            if (plan.addresses().isEmpty()) {
                spec.put("ipFamilyPolicy", "PreferDualStack");
            } else if (plan.type().equals("LoadBalancer")) {
                spec.put("ipFamilyPolicy", "PreferDualStack");
                spec.put("loadBalancerIP", plan.addresses().getFirst().toString());
            } else {
                List<String> addresses =
                        plan.addresses().stream().map(Object::toString).toList();
                spec.put("ipFamilyPolicy", addresses.size() == 1 ? "SingleStack" : "RequireDualStack");
                spec.put("clusterIP", addresses.getFirst());
                spec.put("clusterIPs", addresses);
            }
            List<Object> ports = new ArrayList<>();
            targets.forEach((port, target) -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                fields.put("name", port.protocol().toLowerCase(Locale.ROOT) + "-" + port.port());
                fields.put("protocol", port.protocol());
                fields.put("port", port.port());
                fields.put("targetPort", target);
                ports.add(fields);
            });
            spec.put("ports", ports);
            return object(name, plan.key().namespace(), spec, Map.of());
        }

        /** By it a Gateway has a name in its own namespace, and what is made for it its labels (GEP-1762). */
        Map<String, Object> alias(String domain) {
            Map<String, Object> spec = new LinkedHashMap<>();
            spec.put("type", GatewayService.ALIAS);
            spec.put("externalName", plan.key().name() + "." + plan.key().namespace() + ".svc." + domain);
            Map<String, Object> owner = new LinkedHashMap<>();
            owner.put("apiVersion", "gateway.networking.k8s.io/v1");
            owner.put("kind", "Gateway");
            owner.put("name", plan.gateway().name());
            owner.put("uid", plan.gatewayUid());
            return object(
                    plan.alias().name(), plan.alias().namespace(), spec, Map.of("ownerReferences", List.of(owner)));
        }

        private Map<String, Object> object(
                String name, String namespace, Map<String, Object> spec, Map<String, Object> more) {
            Map<String, String> annotations = new TreeMap<>(plan.annotations());
            annotations.put("weft.dev/gateway-name", plan.gateway().toString());
            Map<String, Object> metadata = new LinkedHashMap<>();
            metadata.put("name", name);
            metadata.put("namespace", namespace);
            metadata.put("labels", new TreeMap<>(plan.labels()));
            metadata.put("annotations", annotations);
            metadata.putAll(more);
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("apiVersion", "v1");
            object.put("kind", "Service");
            object.put("metadata", metadata);
            object.put("spec", spec);
            annotations.put(APPLIED, Integer.toHexString(JsonText.of(object).hashCode()));
            return object;
        }

        boolean needsOtherAddress(GatewayService now) {
            return !plan.type().equals("LoadBalancer")
                    && !plan.addresses().isEmpty()
                    && !now.clusterIps().equals(plan.addresses());
        }

        /** Whether others have changed what is ours, or more or something else is wanted than before. */
        boolean differs(GatewayService now, Map<String, Object> wanted) {
            Map<?, ?> metadata = (Map<?, ?>) wanted.get("metadata");
            Map<?, ?> annotations = metadata == null ? Map.of() : (Map<?, ?>) metadata.get("annotations");
            if (annotations == null
                    || !now.labels().entrySet().containsAll(plan.labels().entrySet())
                    || !now.annotations().entrySet().containsAll(annotations.entrySet())) {
                return true;
            }
            if (now.isAlias()) {
                return !(wanted.get("spec") instanceof Map<?, ?> spec)
                        || !now.externalName().equals(spec.get("externalName"));
            }
            Set<GatewayService.Port> ports = targets.entrySet().stream()
                    .map(port -> new GatewayService.Port(
                            port.getKey().protocol(), port.getKey().port(), port.getValue()))
                    .collect(Collectors.toSet());
            return !now.type().equals(plan.type())
                    || !now.selector().equals(SELECTOR)
                    || !Set.copyOf(now.ports()).equals(ports);
        }
    }
}
