package dev.weft.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a real API server admits and refuses, and the sentence that a user reads. */
class AdmissionIT {
    private static ApiServer server;

    @BeforeAll
    static void start() throws IOException {
        server = ApiServer.start();
        CustomResourceDefinition crd =
                Serialization.unmarshal(Files.readString(GeneratedCrd.COMMITTED), CustomResourceDefinition.class);
        server.client().resource(crd).create();
        server.client()
                .resource(crd)
                .waitUntilCondition(
                        c -> c.getStatus() != null
                                && c.getStatus().getConditions().stream()
                                        .anyMatch(x -> x.getType().equals("Established")
                                                && x.getStatus().equals("True")),
                        30,
                        TimeUnit.SECONDS);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @AfterEach
    void clear() {
        server.client().resources(ClusterNetwork.class).delete();
    }

    @Test
    void threeLinesAreEnough() {
        apply("");
        ClusterNetwork read = server.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get();
        assertThat(read.spec()).isEqualTo(ClusterNetworkSpec.EMPTY);
    }

    @Test
    void everyFieldSet() {
        apply("""
                spec:
                  managementState: Managed
                  version: 0.2.0-rc.1
                  podNetwork:
                    managementState: Unmanaged
                    cidrs: [10.244.0.0/16, "fd00:244::/56"]
                    routing: VXLAN
                    vxlan: {vni: 7, port: 4789, directWithinSubnet: true}
                    mtu: 1400
                    masquerade: {enabled: false, except: [192.168.0.0/16, "fd00:1::/64"]}
                  serviceProxy: {managementState: Managed, nodePortAddresses: [primary, 192.0.2.0/24, "2001:db8::/32"]}
                  networkPolicy: {managementState: Managed, podStartTimeoutSeconds: 60, onPodStartTimeout: Isolate}
                  dns:
                    managementState: Managed
                    domain: cluster.example
                    clusterIP: 10.96.0.10
                    placement: NodeLocal
                    replicas: {min: 2, max: 20}
                    upstreams:
                    - 192.0.2.53
                    - 192.0.2.53:5353
                    - "2001:db8::53"
                    - "[2001:db8::53]:65535"
                    - tcp://192.0.2.53
                    - tls://192.0.2.53:853#dns.example
                    - "tls://2001:db8::53#dns.example"
                    stubDomains: [{domain: corp.example, servers: [192.0.2.10, tls://192.0.2.11]}]
                    hosts: [{address: 192.0.2.7, names: [legacy.example, old.legacy.example.]}]
                    podRecords: Verified
                    ttlSeconds: 0
                    resources: {requests: {memory: 96Mi}}
                    tolerations: [{operator: Exists}]
                    nodeSelector: {rack: a}
                    priorityClassName: system-cluster-critical
                    env: [{name: JAVA_TOOL_OPTIONS, value: -Xmx64m}]
                  ingress:
                    managementState: Managed
                    className: edge
                    default: false
                    classes: [nginx, internal.example]
                    placement:
                      type: Deployment
                      replicas: 3
                      nodeSelector: {edge: "true"}
                      tolerations: [{key: edge, operator: Exists}]
                    service: {type: LoadBalancer, annotations: {example.com/pool: public}, externalTrafficPolicy: Local}
                    ports: {http: 8080, https: 8443}
                    defaultCertificate: {namespace: weft-system, name: wildcard.example}
                    gatewayAPI: Enabled
                    proxyProtocol: true
                    trustedProxies: [192.0.2.0/24, "2001:db8::/32", 198.51.100.7/32]
                    accessLog: true
                    limits: {headerBytes: 65536, headerSeconds: 5, idleSeconds: 60, streams: 64, connections: 1000}
                    drainSeconds: 300
                    resources: {requests: {cpu: "1"}, limits: {memory: 1Gi}}
                    priorityClassName: high
                    env: [{name: JAVA_TOOL_OPTIONS, value: -Xmx256m}]
                  images: {registry: "registry.example:5000/weft/mirror", pullSecrets: [{name: mirror}]}
                  nodeAgent:
                    resources: {requests: {cpu: 50m, memory: 64Mi}, limits: {memory: 1Gi}}
                    tolerations: [{operator: Exists}, {key: a, value: b, effect: NoSchedule}]
                    nodeSelector: {rack: a}
                    priorityClassName: system-node-critical
                    env: [{name: JAVA_TOOL_OPTIONS, value: -Xmx64m}]
                """);
        ClusterNetworkSpec spec = server.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get()
                .getSpec();
        assertThat(spec.podNetwork().managementState()).isEqualTo(ManagementState.UNMANAGED);
        assertThat(spec.podNetwork().vxlan()).isEqualTo(new VxlanSpec(7, 4789, true));
        assertThat(spec.nodeAgent().tolerations()).hasSize(2);
    }

    @Test
    void anotherNameIsRefused() {
        assertThat(refusal("apiVersion: weft.dev/v1alpha1\nkind: ClusterNetwork\nmetadata: {name: other}\n"))
                .contains("set metadata.name to 'default'");
    }

    @Test
    void badValuesAreRefusedWithASentence() {
        assertRefused("{podNetwork: {cidrs: [10.244.0.0/16, 10.245.0.0/16]}}").contains("at most one IPv4");
        assertRefused("{podNetwork: {cidrs: [10.244.0.0/16, 10.244.0.0/16]}}").contains("at most one IPv4");
        assertRefused("{podNetwork: {cidrs: [10.244.0.1/16]}}").contains("without host bits");
        assertRefused("{podNetwork: {cidrs: [pods]}}").contains("for example 10.244.0.0/16");
        assertRefused("{podNetwork: {routing: Carrier}}").contains("must be VXLAN, which works over any network");
        assertRefused("{serviceProxy: {nodePortAddresses: [secondary]}}").contains("the word primary or a prefix");
        assertRefused("{serviceProxy: {nodePortAddresses: [192.0.2.1/24]}}").contains("without host bits");
        assertRefused("{serviceProxy: {managementState: Off}}").contains("supported values");
        assertRefused("{podNetwork: {mtu: 100}}").contains("must be 0, to have it worked out");
        assertRefused("{podNetwork: {mtu: 70000}}").contains("between 576 and 65535");
        assertRefused("{podNetwork: {mtu: 1000, cidrs: [\"fd00:244::/56\"]}}").contains("IPv6 needs 1280");
        assertRefused("{podNetwork: {vxlan: {vni: 0}}}").contains("between 1 and 16777215");
        assertRefused("{podNetwork: {vxlan: {port: 65536}}}").contains("between 1 and 65535");
        assertRefused("{podNetwork: {masquerade: {except: [10.0.0.1]}}}").contains("192.168.0.0/16");
        assertRefused("{dns: {domain: Cluster.Local}}").contains("lower case");
        assertRefused("{dns: {clusterIP: dns}}").contains("for example 10.96.0.10");
        assertRefused("{dns: {replicas: {min: 3, max: 2}}}").contains("must not be above");
        assertRefused("{dns: {replicas: {min: 0}}}").contains("set dns.managementState to Removed");
        assertRefused("{dns: {placement: PerNode}}").contains("\"Cluster\", \"NodeLocal\"");
        for (String server : List.of(
                "dns.example",
                "192.0.2.256",
                "192.0.2.53:0",
                "192.0.2.53:65536",
                "[192.0.2.53",
                "2001:db8::53]:53",
                "2001:db8:::53",
                "https://192.0.2.53",
                "tls://",
                "")) {
            assertRefused("{dns: {upstreams: ['" + server + "']}}").contains("a DNS server must be an address");
            assertRefused("{dns: {stubDomains: [{domain: a.example, servers: ['" + server + "']}]}}")
                    .contains("a DNS server must be an address");
        }
        assertRefused("{dns: {upstreams: ['192.0.2.53#dns.example']}}").contains("write tls:// in front");
        assertRefused("{dns: {stubDomains: [{domain: ., servers: [192.0.2.53]}]}}")
                .contains("use dns.upstreams");
        assertRefused("{dns: {stubDomains: [{domain: a.example, servers: []}]}}")
                .contains("at least 1");
        assertRefused("{dns: {hosts: [{address: here, names: [a]}]}}").contains("must be an IPv4 or IPv6 address");
        assertRefused("{dns: {hosts: [{address: 192.0.2.7, names: ['*.example']}]}}")
                .contains("without wildcards");
        assertRefused("{dns: {podRecords: All}}").contains("supported values");
        assertRefused("{networkPolicy: {podStartTimeoutSeconds: 61}}").contains("between 1 and 60");
        assertRefused("{networkPolicy: {onPodStartTimeout: Perhaps}}").contains("Refuse");
        assertRefused("{dns: {ttlSeconds: 3601}}").contains("between 0 and 3600");
        assertRefused("{images: {registry: 'https://registry.example'}}").contains("takes no scheme");
        assertRefused("{images: {registry: 'registry.example/weft/'}}").contains("must not end in a slash");
        assertRefused("{images: {registry: 'registry.example/We ft'}}").contains("must be a host name");
        assertRefused("{nodeAgent: {env: [{name: NODE_NAME, value: x}]}}").contains("leave them out of env");
        assertRefused("{nodeAgent: {env: [{name: a-b}]}}").contains("letters, digits and underscores");
        assertRefused("{nodeAgent: {tolerations: [{operator: Equal}]}}").contains("needs operator: Exists");
        assertRefused("{nodeAgent: {tolerations: [{key: a, effect: Never}]}}").contains("NoSchedule");
        assertRefused("{managementState: Paused}").contains("supported values");
    }

    @Test
    void ingressThatCannotBeIsRefusedWithASentence() {
        assertRefused("{ingress: {className: Nginx}}").contains("lower-case letters");
        assertRefused("{ingress: {classes: [weft]}}").contains("served anyway");
        assertRefused("{ingress: {className: edge, classes: [nginx, edge]}}").contains("served anyway");
        assertRefused("{ingress: {classes: ['*']}}").contains("for example nginx");
        assertRefused("{ingress: {placement: {type: Everywhere}}}").contains("\"Deployment\", \"HostNetwork\"");
        assertRefused("{ingress: {placement: {replicas: 0}}}").contains("leave spec.ingress out");
        assertRefused("{ingress: {placement: {type: HostNetwork, replicas: 2}}}")
                .contains("leave replicas out");
        assertRefused("{ingress: {placement: {type: HostNetwork}, service: {type: NodePort}}}")
                .contains("leave one of the two out");
        assertRefused("{ingress: {service: {type: ExternalName}}}").contains("supported values");
        assertRefused("{ingress: {service: {type: ClusterIP, externalTrafficPolicy: Local}}}")
                .contains("leave it out with type ClusterIP");
        assertRefused("{ingress: {service: {annotations: {weft.dev/x: y}}}}").contains("set by the operator");
        assertRefused("{ingress: {ports: {http: 443}}}").contains("must be different");
        assertRefused("{ingress: {ports: {http: 8080, https: 8080}}}").contains("must be different");
        assertRefused("{ingress: {ports: {http: 0}}}").contains("between 1 and 65535");
        assertRefused("{ingress: {ports: {https: 9474}}}").contains("which Weft itself uses");
        assertRefused("{ingress: {defaultCertificate: {name: wildcard}}}").contains("namespace: Required value");
        assertRefused("{ingress: {defaultCertificate: {namespace: a/b, name: c}}}")
                .contains("letters, digits");
        assertRefused("{ingress: {gatewayAPI: Perhaps}}").contains("supported values");
        assertRefused("{ingress: {proxyProtocol: true}}").contains("needs ingress.trustedProxies");
        assertRefused("{ingress: {trustedProxies: [192.0.2.7]}}").contains("192.0.2.7/32");
        assertRefused("{ingress: {trustedProxies: [192.0.2.7/24]}}").contains("without host bits");
        assertRefused("{ingress: {limits: {headerBytes: 1000}}}").contains("between 1024 and 1048576");
        assertRefused("{ingress: {drainSeconds: 3601}}").contains("between 0 and 3600");
    }

    /** Asked for without a word more, which differs from not being asked for. */
    @Test
    void anEmptyIngressIsKept() {
        apply("spec: {ingress: {}}");
        ClusterNetwork read = server.client()
                .resources(ClusterNetwork.class)
                .withName(ClusterNetwork.NAME)
                .get();
        assertThat(read.spec().ingress()).isEqualTo(IngressSpec.EMPTY);
        apply("spec: {ingress: {proxyProtocol: false, placement: {type: HostNetwork}}}");
        apply("spec: {ingress: {placement: {type: Deployment}}}");
        apply("spec: {ingress: {managementState: Managed}}");
        assertThat(server.client()
                        .resources(ClusterNetwork.class)
                        .withName(ClusterNetwork.NAME)
                        .get()
                        .spec()
                        .ingress())
                .isNotNull();
        apply("spec: {}");
        assertThat(server.client()
                        .resources(ClusterNetwork.class)
                        .withName(ClusterNetwork.NAME)
                        .get()
                        .spec()
                        .ingress())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"v0.1.0", "0.1", "latest", "0.1.0+build", "0.1.0 "})
    void versionsThatAreNone(String version) {
        assertRefused("{version: '" + version + "'}").contains("must be a semantic version");
    }

    @Test
    void whatCannotChangeSafelyIsRefused() {
        apply("spec: {podNetwork: {cidrs: [10.244.0.0/16]}}");
        assertRefused("{podNetwork: {cidrs: [10.245.0.0/16]}}").contains("podNetwork.cidrs cannot change");
        assertRefused("{podNetwork: {mtu: 1400}}").contains("podNetwork.cidrs cannot change");
        assertThat(refusal(header())).contains("podNetwork.cidrs cannot change");
        assertRefused("{podNetwork: {cidrs: [10.244.0.0/16], routing: Direct}}")
                .contains("podNetwork.routing cannot change while it runs");
        assertRefused("{podNetwork: {cidrs: [10.244.0.0/16], vxlan: {vni: 2}}}").contains("vni and port cannot change");
        assertRefused("{podNetwork: {cidrs: [10.244.0.0/16], vxlan: {port: 4789}}}")
                .contains("vni and port cannot change");
    }

    @Test
    void theDnsAddressChangesOnlyWhileItIsRemoved() {
        apply("");
        apply("spec: {dns: {clusterIP: 10.96.0.10}}");
        assertRefused("{dns: {clusterIP: 10.96.0.11}}").contains("dns.clusterIP cannot change while it runs");
        assertThat(refusal(header())).contains("dns.clusterIP cannot change while it runs");
        apply("spec: {dns: {managementState: Removed, clusterIP: 10.96.0.10}}");
        assertThatCode(() -> apply("spec: {dns: {managementState: Managed, clusterIP: 10.96.0.11}}"))
                .doesNotThrowAnyException();
    }

    @Test
    void whatCanChangeIsAdmitted() {
        apply("");
        // Saying what was found, or what the default was, is no change.
        apply("spec: {podNetwork: {cidrs: [10.244.0.0/16], routing: VXLAN, vxlan: {vni: 1, port: 8472}}}");
        assertThatCode(() -> apply(
                        "spec: {serviceProxy: {managementState: Managed}," + " podNetwork: {cidrs: [10.244.0.0/16]}}"))
                .doesNotThrowAnyException();
        assertThatCode(() -> apply(
                        "spec: {serviceProxy: {managementState: Removed}," + " podNetwork: {cidrs: [10.244.0.0/16]}}"))
                .doesNotThrowAnyException();
        for (String placement : List.of("NodeLocal", "Cluster")) {
            assertThatCode(() -> apply(
                            "spec: {dns: {placement: " + placement + "}," + " podNetwork: {cidrs: [10.244.0.0/16]}}"))
                    .doesNotThrowAnyException();
        }
        assertThatCode(() -> apply("spec: {version: 0.2.0, podNetwork: {cidrs: [10.244.0.0/16], mtu: 1400,"
                        + " vxlan: {directWithinSubnet: true}, masquerade: {enabled: false}}}"))
                .doesNotThrowAnyException();
    }

    /** Server-side apply leaves null where the last field of an object is given up. */
    @Test
    void aSpecThatBecomesEmptyIsAdmitted() {
        for (String empty : List.of("", "spec: {}", "spec: null")) {
            apply("spec: {version: 0.2.0, podNetwork: {mtu: 1400, routing: VXLAN}, dns: {placement: NodeLocal}}");
            assertThatCode(() -> apply(empty)).as(empty).doesNotThrowAnyException();
            assertThat(server.client()
                            .resources(ClusterNetwork.class)
                            .withName(ClusterNetwork.NAME)
                            .get()
                            .spec())
                    .isEqualTo(ClusterNetworkSpec.EMPTY);
            assertRefused("{podNetwork: {routing: Direct}}").contains("podNetwork.routing cannot change");
        }
        apply("spec: {podNetwork: {cidrs: [10.244.0.0/16]}}");
        assertThat(refusal(header() + "spec: null")).contains("podNetwork.cidrs cannot change");
    }

    @Test
    void partsThatBecomeEmptyAreAdmitted() {
        apply("spec: {podNetwork: {mtu: 1400}, dns: {replicas: {min: 3}}, nodeAgent: {env: [{name: A, value: b}]}}");
        assertThatCode(() -> apply("spec: {podNetwork: {}, dns: {}, nodeAgent: {}}"))
                .doesNotThrowAnyException();
    }

    private static AbstractStringAssert<?> assertRefused(String spec) {
        return assertThat(refusal(header() + "spec: " + spec)).as(spec);
    }

    private static String refusal(String yaml) {
        try {
            server.client()
                    .resource(Serialization.unmarshal(yaml, GenericKubernetesResource.class))
                    .forceConflicts()
                    .serverSideApply();
            return "(admitted)";
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static void apply(String rest) {
        server.client()
                .resource(Serialization.unmarshal(header() + rest, GenericKubernetesResource.class))
                .forceConflicts()
                .serverSideApply();
    }

    private static String header() {
        return "apiVersion: weft.dev/v1alpha1\nkind: ClusterNetwork\nmetadata: {name: default}\n";
    }
}
