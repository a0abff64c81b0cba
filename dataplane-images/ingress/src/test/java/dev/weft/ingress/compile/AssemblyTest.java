package dev.weft.ingress.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kinds;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.ingress.cluster.References;
import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Routing;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.Upstream.Balancing;
import dev.weft.ingress.route.Upstream.Protocol;
import dev.weft.ingress.route.UpstreamTls;
import dev.weft.kube.ObjectKey;
import dev.weft.net.Ip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssemblyTest {
    private static final ObjectKey WEB = new ObjectKey("default", "web");

    private static Cluster cluster(String endpoints) throws Exception {
        return ObjectFiles.cluster(Kinds.ALL, """
                kind: Service
                metadata: {name: web}
                spec: {clusterIPs: [10.96.0.1], ports: [{name: http, port: 80}, {name: admin, port: 81}]}
                ---
                kind: Service
                metadata: {name: far}
                spec: {type: ExternalName, externalName: far.example}
                ---
                """ + endpoints);
    }

    private static String slice(String name, String port, String... endpoints) {
        return """
                kind: EndpointSlice
                metadata: {name: %s, labels: {kubernetes.io/service-name: web}}
                ports: [%s]
                endpoints: [%s]
                ---
                """.formatted(name, port, String.join(", ", endpoints));
    }

    private static String endpoint(String address, String conditions) {
        return "{addresses: [\"%s\"], conditions: {%s}}".formatted(address, conditions);
    }

    private static List<String> endpoints(Cluster cluster, Source source) {
        return Endpoints.of(cluster, source).stream()
                .map(endpoint -> endpoint.address() + " " + endpoint.port())
                .toList();
    }

    private static final Source HTTP = new Source.OfService(WEB, 80, Service.TCP);

    @Test
    void ready_endpoints_of_all_slices_are_taken_by_the_name_of_the_port() throws Exception {
        Cluster cluster = cluster(slice(
                        "a",
                        "{name: http, port: 8080}, {name: admin, port: 9}",
                        endpoint("10.0.0.2", "ready: true"),
                        endpoint("10.0.0.1", ""),
                        endpoint("10.0.0.3", "ready: false, serving: true, terminating: true"))
                + slice("b", "{name: http, port: 8081}", endpoint("10.0.0.4", "ready: true"))
                + slice("c", "{name: http, port: 53, protocol: UDP}", endpoint("10.0.0.5", "ready: true")));
        assertThat(endpoints(cluster, HTTP)).containsExactly("10.0.0.1 8080", "10.0.0.2 8080", "10.0.0.4 8081");
        assertThat(endpoints(cluster, new Source.OfService(WEB, 82, Service.TCP)))
                .isEmpty();
        assertThat(endpoints(cluster, new Source.OfService(WEB, 80, Service.UDP)))
                .isEmpty();
        assertThat(endpoints(cluster, new Source.OfClusterIp(WEB, 80))).containsExactly("10.96.0.1 80");
    }

    @Test
    void those_that_end_serve_on_when_there_is_no_other() throws Exception {
        Cluster cluster = cluster(slice(
                "a",
                "{name: http, port: 8080}",
                endpoint("10.0.0.1", "ready: false, serving: true, terminating: true"),
                endpoint("10.0.0.2", "ready: false, serving: false, terminating: true"),
                endpoint("10.0.0.3", "ready: false, serving: false")));
        assertThat(endpoints(cluster, HTTP)).containsExactly("10.0.0.1 8080");
    }

    @Test
    void a_pod_of_two_families_is_one_endpoint() throws Exception {
        String v4 = slice("a", "{name: http, port: 8080}", endpoint("10.0.0.1", "ready: true"));
        String v6 = slice("b", "{name: http, port: 8080}", endpoint("fd00::1", "ready: true"));
        assertThat(endpoints(cluster(v4 + v6), HTTP)).containsExactly("10.0.0.1 8080");
        assertThat(endpoints(cluster(v6), HTTP)).containsExactly("fd00::1 8080");
    }

    @Test
    void names_are_asked_for_and_their_addresses_taken() throws Exception {
        Source far = new Source.OfService(new ObjectKey("default", "far"), 443, Service.TCP);
        Source host = new Source.OfHost("auth.example", 80);
        Source address = new Source.OfHost("192.0.2.3", 80);
        Cluster cluster = cluster("").withAddresses(Map.of("far.example", List.of(Ip.parse("192.0.2.2"))));
        assertThat(endpoints(cluster, far)).containsExactly("192.0.2.2 443");
        assertThat(endpoints(cluster, host)).isEmpty();
        assertThat(endpoints(cluster, address)).containsExactly("192.0.2.3 80");

        Part part = part(plan(far), plan(host), plan(address));
        assertThat(new Assembly().assemble(cluster, List.of(part)).references().names())
                .containsExactlyInAnyOrder("far.example", "auth.example");
    }

    private static UpstreamPlan plan(Source source) {
        return new UpstreamPlan(source, Protocol.HTTP1, Optional.empty(), new Balancing.LeastRequest());
    }

    private static Part part(UpstreamPlan... plans) {
        return new Part(Map.of(), Set.of(plans), References.NONE, List.of(), List.of());
    }

    @Test
    void upstreams_that_are_spoken_to_differently_have_different_names() {
        UpstreamPlan plain = UpstreamPlan.http(WEB, 80);
        UpstreamTls tls = new UpstreamTls("web", false, "", List.of(), Optional.empty());
        UpstreamTls other = new UpstreamTls("web", true, "", List.of(), Optional.empty());
        assertThat(List.of(
                                plain,
                                plain.withProtocol(Protocol.HTTP2),
                                plain.withTls(tls),
                                plain.withTls(other),
                                plain.withBalancing(new Balancing.RoundRobin()),
                                plain.withBalancing(new Balancing.Hash("$remote_addr")),
                                plain.withBalancing(new Balancing.Hash("$request_uri")),
                                plan(new Source.OfClusterIp(WEB, 80)))
                        .stream()
                        .map(UpstreamPlan::id))
                .doesNotHaveDuplicates();
        assertThat(plain.id().toString()).isEqualTo("default/web:80");
        assertThat(plain.withTls(tls).id()).isEqualTo(plain.withTls(tls).id());
    }

    private static Upstream upstream(Assembly assembly, Cluster cluster) {
        UpstreamPlan plan = UpstreamPlan.http(WEB, 80);
        Routing routing = assembly.assemble(cluster, List.of(part(plan))).routing();
        return Objects.requireNonNull(routing.upstreams().get(plan.id()));
    }

    @Test
    void an_upstream_whose_endpoints_did_not_change_stays_the_same_instance() throws Exception {
        Cluster before = cluster(slice("a", "{name: http, port: 8080}", endpoint("10.0.0.1", "ready: true")));
        Assembly assembly = new Assembly();
        Upstream first = upstream(assembly, before);
        assertThat(first.endpoints()).hasSize(1);

        var services = new HashMap<>(before.all(Kinds.SERVICES));
        services.remove(new ObjectKey("default", "far"));
        assertThat(upstream(assembly, before.with(Kinds.SERVICES, services))).isSameAs(first);

        assertThat(upstream(assembly, before.with(Kinds.ENDPOINT_SLICES, Map.of()))
                        .endpoints())
                .isEmpty();
    }

    /** A Service that becomes a name, or leads to another name, serves on until that is looked up. */
    @Test
    void endpoints_stay_until_a_name_is_known() throws Exception {
        Cluster before = cluster(slice("a", "{name: http, port: 8080}", endpoint("10.0.0.1", "ready: true")));
        Assembly assembly = new Assembly();
        Upstream first = upstream(assembly, before);

        var services = new HashMap<>(before.all(Kinds.SERVICES));
        services.putAll(ObjectFiles.cluster(List.of(Kinds.SERVICES), """
                kind: Service
                metadata: {name: web}
                spec: {type: ExternalName, externalName: new.example}
                """).all(Kinds.SERVICES));
        Cluster named = before.with(Kinds.SERVICES, services);
        assertThat(upstream(assembly, named)).isSameAs(first);
        assertThat(upstream(assembly, named)).isSameAs(first);
        assertThat(upstream(assembly, named.withAddresses(Map.of("new.example", List.of(Ip.parse("192.0.2.9")))))
                        .endpoints())
                .containsExactly(new Upstream.Endpoint(Ip.parse("192.0.2.9"), 80));
        assertThat(upstream(assembly, named.withAddresses(Map.of("new.example", List.of())))
                        .endpoints())
                .isEmpty();
    }

    @Test
    void upstreams_of_which_none_changed_are_the_same_map() throws Exception {
        Cluster cluster = cluster(slice("a", "{name: http, port: 8080}", endpoint("10.0.0.1", "ready: true")));
        Assembly assembly = new Assembly();
        Part part = part(UpstreamPlan.http(WEB, 80));
        var first = assembly.assemble(cluster, List.of(part)).routing().upstreams();
        assertThat(assembly.assemble(cluster.withAddresses(Map.of()), List.of(part))
                        .routing()
                        .upstreams())
                .isSameAs(first);
    }
}
