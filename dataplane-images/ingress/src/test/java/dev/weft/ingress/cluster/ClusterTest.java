package dev.weft.ingress.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.kube.ObjectKey;
import dev.weft.net.Family;
import dev.weft.net.Ip;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private static Cluster read(String yaml) throws Exception {
        return ObjectFiles.cluster(Kinds.ALL, yaml);
    }

    @Test
    void an_ingress_is_read() throws Exception {
        Cluster cluster = read("""
                apiVersion: networking.k8s.io/v1
                kind: Ingress
                metadata:
                  name: web
                  namespace: shop
                  uid: u1
                  creationTimestamp: "2026-01-02T03:04:05Z"
                  annotations:
                    nginx.ingress.kubernetes.io/app-root: /app
                    field.cattle.io/publicEndpoints: "[]"
                spec:
                  ingressClassName: nginx
                  defaultBackend: {service: {name: all, port: {name: http}}}
                  tls: [{hosts: [a.example], secretName: cert}, {}]
                  rules:
                  - host: a.example
                    http:
                      paths:
                      - {path: /a, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
                      - {path: /b, pathType: Exact, backend: {resource: {apiGroup: x, kind: Bucket, name: b}}}
                  - host: b.example
                status: {loadBalancer: {ingress: [{ip: 192.0.2.1}, {hostname: lb.example}]}}
                """);
        ObjectKey key = new ObjectKey("shop", "web");
        assertThat(cluster.all(Kinds.INGRESSES))
                .containsExactly(Map.entry(
                        key,
                        new Ingress(
                                key,
                                "u1",
                                Instant.parse("2026-01-02T03:04:05Z"),
                                Map.of("nginx.ingress.kubernetes.io/app-root", "/app"),
                                Optional.of("nginx"),
                                Optional.of(new Ingress.Backend.OfService("all", "http", 0)),
                                List.of(new Ingress.Tls(List.of("a.example"), "cert"), new Ingress.Tls(List.of(), "")),
                                List.of(
                                        new Ingress.Rule(
                                                "a.example",
                                                List.of(
                                                        new Ingress.Path(
                                                                "/a",
                                                                Ingress.PathType.PREFIX,
                                                                new Ingress.Backend.OfService("web", "", 80)),
                                                        new Ingress.Path(
                                                                "/b",
                                                                Ingress.PathType.EXACT,
                                                                new Ingress.Backend.OfResource("x", "Bucket", "b")))),
                                        new Ingress.Rule("b.example", List.of())),
                                List.of("192.0.2.1", "lb.example"))));
    }

    @Test
    void services_classes_secrets_and_config_maps_are_read() throws Exception {
        Cluster cluster = read("""
                kind: List
                items:
                - metadata: {name: web}
                  kind: Service
                  spec:
                    type: LoadBalancer
                    clusterIPs: ["fd00::1", "10.96.0.1"]
                    ipFamilies: [IPv6, IPv4]
                    externalIPs: [192.0.2.7]
                    ports:
                    - {name: http, port: 80, targetPort: web, appProtocol: kubernetes.io/h2c, nodePort: 30080}
                    - {name: dns, port: 53, protocol: UDP, targetPort: 5353}
                  status: {loadBalancer: {ingress: [{ip: 192.0.2.1}]}}
                - {kind: Service, metadata: {name: far}, spec: {type: ExternalName, externalName: far.example}}
                - kind: IngressClass
                  metadata:
                    name: weft
                    uid: u2
                    annotations: {ingressclass.kubernetes.io/is-default-class: "true"}
                  spec: {controller: weft.dev/ingress}
                ---
                kind: Secret
                type: kubernetes.io/tls
                metadata: {name: cert, namespace: shop}
                data: {tls.crt: "Q0VS\\nVA==", odd: "!"}
                stringData: {tls.key: KEY}
                ---
                kind: ConfigMap
                metadata: {name: ca, namespace: shop}
                data: {ca.crt: CA}
                """);
        assertThat(cluster.service(new ObjectKey("default", "web")))
                .contains(new Service(
                        new ObjectKey("default", "web"),
                        "LoadBalancer",
                        "",
                        List.of(Ip.parse("fd00::1"), Ip.parse("10.96.0.1")),
                        Family.IPV6,
                        List.of(
                                new Service.Port("http", Service.TCP, 80, "web", 30080, "kubernetes.io/h2c"),
                                new Service.Port("dns", Service.UDP, 53, "5353", 0, "")),
                        List.of("192.0.2.1", "192.0.2.7")));
        assertThat(cluster.service(new ObjectKey("default", "far"))
                        .orElseThrow()
                        .externalName())
                .isEqualTo("far.example");
        assertThat(cluster.get(Kinds.INGRESS_CLASSES, ObjectKey.of("weft")))
                .contains(new IngressClass("weft", "u2", "weft.dev/ingress", true));
        Secret secret = cluster.secret(new ObjectKey("shop", "cert")).orElseThrow();
        assertThat(secret.data()).isEqualTo(Map.of("tls.crt", "CERT", "tls.key", "KEY", "odd", ""));
        assertThat(secret.toString()).doesNotContain("KEY").contains("tls.key");
        assertThat(cluster.configMap(new ObjectKey("shop", "ca")).orElseThrow().data())
                .isEqualTo(Map.of("ca.crt", "CA"));
    }

    @Test
    void what_did_not_change_stays_the_same_instance() throws Exception {
        Cluster before = read("""
                {kind: EndpointSlice, metadata: {name: a-1, labels: {kubernetes.io/service-name: a}}}
                ---
                {kind: EndpointSlice, metadata: {name: a-2, labels: {kubernetes.io/service-name: a}}}
                ---
                {kind: EndpointSlice, metadata: {name: b-1, labels: {kubernetes.io/service-name: b}}}
                """);
        ObjectKey a = new ObjectKey("default", "a");
        ObjectKey b = new ObjectKey("default", "b");
        assertThat(before.endpointSlices(a)).hasSize(2);
        assertThat(before.endpointSlices(new ObjectKey("default", "c"))).isEmpty();
        var slices = new HashMap<>(before.all(Kinds.ENDPOINT_SLICES));
        slices.remove(new ObjectKey("default", "b-1"));
        Cluster after = before.with(Kinds.ENDPOINT_SLICES, slices);
        assertThat(after.endpointSlices(a)).isSameAs(before.endpointSlices(a));
        assertThat(after.endpointSlices(b)).isEmpty();
    }
}
