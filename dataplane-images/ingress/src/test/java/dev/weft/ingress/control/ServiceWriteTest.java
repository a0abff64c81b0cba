package dev.weft.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.gateway.GatewayService;
import dev.weft.ingress.gateway.ServicePlan;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceWriteTest {
    private static final Set<Integer> RESERVED = Set.of(10_001);

    private static ServicePlan plan(String name, String type, List<Ip> addresses, ServicePlan.Port... ports) {
        return new ServicePlan(
                new ObjectKey("weft-system", "gw-" + name),
                new ObjectKey("shop", name + "-weft"),
                new ObjectKey("shop", name),
                "uid-" + name,
                type,
                Map.of(GatewayService.LABEL, name, "team", "a"),
                Map.of("note", "b"),
                addresses,
                List.of(ports));
    }

    private static final ServicePlan.Port HTTP = new ServicePlan.Port("TCP", 80);
    private static final ServicePlan.Port DNS = new ServicePlan.Port("UDP", 53);

    private static List<ServiceWrite> writes(List<ServicePlan> plans, Map<ObjectKey, GatewayService> services) {
        return ServiceWrite.of(plans, services, RESERVED, "cluster.local");
    }

    /** As the API server would carry it out. */
    private static Map<ObjectKey, GatewayService> done(
            List<ServiceWrite> writes, Map<ObjectKey, GatewayService> services) {
        Map<ObjectKey, GatewayService> after = new HashMap<>(services);
        for (ServiceWrite write : writes) {
            switch (write) {
                case ServiceWrite.Apply(ObjectKey key, Map<String, Object> json) -> after.put(key, read(key, json));
                case ServiceWrite.Replace(ObjectKey key, Map<String, Object> json, var trial) ->
                    after.put(key, read(key, json));
                case ServiceWrite.Alias(ObjectKey key, Map<String, Object> json) -> after.put(key, read(key, json));
                case ServiceWrite.Delete(ObjectKey key) -> after.remove(key);
            }
        }
        return after;
    }

    @SuppressWarnings({"unchecked", "NullAway"}) // what was just written is there
    private static GatewayService read(ObjectKey key, Map<String, Object> json) {
        Map<String, Object> metadata = (Map<String, Object>) json.get("metadata");
        Map<String, Object> spec = (Map<String, Object>) json.get("spec");
        List<GatewayService.Port> ports = new ArrayList<>();
        for (Map<String, Object> port : (List<Map<String, Object>>) spec.getOrDefault("ports", List.of())) {
            ports.add(new GatewayService.Port(
                    (String) port.get("protocol"), (Integer) port.get("port"), (Integer) port.get("targetPort")));
        }
        List<String> addresses = (List<String>) spec.getOrDefault("clusterIPs", List.of("10.96.0.1"));
        return new GatewayService(
                key,
                (Map<String, String>) metadata.get("labels"),
                (Map<String, String>) metadata.get("annotations"),
                (String) spec.get("type"),
                (String) spec.getOrDefault("externalName", ""),
                (Map<String, String>) spec.getOrDefault("selector", Map.of()),
                addresses.stream().map(Ip::parse).toList(),
                "",
                ports,
                List.of());
    }

    @Test
    void a_gateway_gets_a_service_and_an_alias() {
        List<ServiceWrite> writes = writes(List.of(plan("web", "LoadBalancer", List.of(), HTTP, DNS)), Map.of());
        assertThat(writes).hasSize(2);
        String service = JsonText.of(((ServiceWrite.Apply) writes.get(0)).json());
        assertThat(service)
                .contains("\"type\":\"LoadBalancer\"", "\"name\":\"tcp-80\"", "\"name\":\"udp-53\"", "\"team\":\"a\"")
                .contains("\"selector\":{\"app.kubernetes.io/name\":\"weft-ingress\"}", "\"note\":\"b\"")
                .contains("PreferDualStack");
        assertThat(JsonText.of(((ServiceWrite.Alias) writes.get(1)).json()))
                .contains("\"externalName\":\"gw-web.weft-system.svc.cluster.local\"", "\"uid\":\"uid-web\"");
    }

    @Test
    void what_is_as_it_should_be_is_left_alone() {
        List<ServicePlan> plans = List.of(
                plan("web", "ClusterIP", List.of(), HTTP, DNS),
                plan("api", "ClusterIP", List.of(Ip.parse("10.96.7.7")), HTTP));
        Map<ObjectKey, GatewayService> services = done(writes(plans, Map.of()), Map.of());
        assertThat(writes(plans, services)).isEmpty();
    }

    @Test
    void what_others_changed_is_put_right_and_what_they_added_is_not_theirs_to_lose() {
        List<ServicePlan> plans = List.of(plan("web", "ClusterIP", List.of(), HTTP));
        Map<ObjectKey, GatewayService> services = done(writes(plans, Map.of()), Map.of());
        ObjectKey key = plans.getFirst().key();
        GatewayService good = Objects.requireNonNull(services.get(key));
        Map<String, String> more = new HashMap<>(good.annotations());
        more.put("cloud", "x");
        services.put(key, with(good, good.labels(), more, good.ports()));
        assertThat(writes(plans, services)).isEmpty();
        services.put(key, with(good, Map.of(), good.annotations(), good.ports()));
        assertThat(writes(plans, services)).hasSize(1);
        services.put(key, with(good, good.labels(), good.annotations(), List.of()));
        assertThat(writes(plans, services)).hasSize(1);
    }

    private static GatewayService with(
            GatewayService of,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<GatewayService.Port> ports) {
        return new GatewayService(
                of.key(),
                labels,
                annotations,
                of.type(),
                of.externalName(),
                of.selector(),
                of.clusterIps(),
                of.wantedAddress(),
                ports,
                of.reachedAt());
    }

    @Test
    void another_address_is_asked_for_first() {
        Map<ObjectKey, GatewayService> services =
                done(writes(List.of(plan("web", "ClusterIP", List.of(), HTTP)), Map.of()), Map.of());
        List<ServiceWrite> writes =
                writes(List.of(plan("web", "ClusterIP", List.of(Ip.parse("10.96.7.7")), HTTP)), services);
        ServiceWrite.Replace replace = (ServiceWrite.Replace) writes.getFirst();
        assertThat(JsonText.of(replace.trial())).contains("\"gw-web-try\"", "\"clusterIPs\":[\"10.96.7.7\"]");
        assertThat(JsonText.of(replace.json())).contains("\"name\":\"gw-web\"");
    }

    @Test
    void a_gateway_that_is_gone_loses_its_services() {
        List<ServicePlan> plans = List.of(plan("web", "ClusterIP", List.of(), HTTP));
        Map<ObjectKey, GatewayService> services = done(writes(plans, Map.of()), Map.of());
        assertThat(writes(List.of(), services))
                .containsExactlyInAnyOrder(
                        new ServiceWrite.Delete(plans.getFirst().key()),
                        new ServiceWrite.Delete(plans.getFirst().alias()));
    }

    @Test
    void a_gateway_without_ports_keeps_what_it_has() {
        List<ServicePlan> plans = List.of(plan("web", "ClusterIP", List.of(), HTTP));
        Map<ObjectKey, GatewayService> services = done(writes(plans, Map.of()), Map.of());
        assertThat(writes(List.of(plan("web", "ClusterIP", List.of())), services))
                .isEmpty();
    }

    /** Whatever comes and goes: no port of the proxy is given twice, and none changes hands while its Gateway is there. */
    @Test
    void ports_stay_with_their_gateways() {
        Seeded.loop(200, random -> {
            Map<ObjectKey, GatewayService> services = new HashMap<>();
            for (int round = 0; round < 10; round++) {
                List<ServicePlan> plans = somePlans(random);
                Map<ObjectKey, GatewayService> after = done(writes(plans, services), services);
                Set<Integer> given = new HashSet<>();
                after.values().stream()
                        .filter(each -> !each.isAlias())
                        .forEach(service -> service.ports().forEach(port -> {
                            assertThat(given.add(port.target())).isTrue();
                            assertThat(port.target()).isBetween(PortAllocation.FIRST, PortAllocation.LAST);
                            assertThat(RESERVED).doesNotContain(port.target());
                        }));
                for (GatewayService before : services.values()) {
                    GatewayService now = after.get(before.key());
                    if (now != null) {
                        before.ports()
                                .forEach(port -> now.target(port.protocol(), port.port())
                                        .ifPresent(target -> assertThat(target).isEqualTo(port.target())));
                    }
                }
                assertThat(writes(plans, after)).isEmpty();
                services = after;
            }
        });
    }

    private static List<ServicePlan> somePlans(Random random) {
        List<ServicePlan> plans = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextBoolean()) {
                List<ServicePlan.Port> ports = new ArrayList<>();
                for (int port = 1; port < 6; port++) {
                    if (random.nextBoolean()) {
                        ports.add(new ServicePlan.Port(random.nextInt(4) == 0 ? "UDP" : "TCP", port));
                    }
                }
                if (!ports.isEmpty()) {
                    plans.add(plan("g" + i, "ClusterIP", List.of(), ports.toArray(ServicePlan.Port[]::new)));
                }
            }
        }
        return plans;
    }

    @Test
    void two_that_were_given_the_same_port_are_told_apart() {
        List<ServicePlan> plans =
                List.of(plan("a", "ClusterIP", List.of(), HTTP), plan("b", "ClusterIP", List.of(), HTTP));
        Map<ObjectKey, GatewayService> services = done(writes(plans, Map.of()), Map.of());
        GatewayService a = Objects.requireNonNull(services.get(plans.get(0).key()));
        GatewayService b = Objects.requireNonNull(services.get(plans.get(1).key()));
        services.put(b.key(), with(b, b.labels(), b.annotations(), a.ports()));
        Map<ObjectKey, GatewayService> after = done(writes(plans, services), services);
        assertThat(Objects.requireNonNull(after.get(a.key())).ports()).isEqualTo(a.ports());
        assertThat(Objects.requireNonNull(after.get(b.key())).ports()).isNotEqualTo(a.ports());
    }
}
