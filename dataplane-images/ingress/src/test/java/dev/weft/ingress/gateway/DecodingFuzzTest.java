package dev.weft.ingress.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.cluster.Cluster;
import dev.weft.ingress.cluster.Kind;
import dev.weft.ingress.cluster.ObjectFiles;
import dev.weft.kube.Decoder;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.kube.KubeFormatException;
import dev.weft.kube.ObjectKey;
import dev.weft.kube.ObjectStream;
import dev.weft.testkit.Seeded;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is wrong in objects stops neither the watch nor the compilation of all others. */
class DecodingFuzzTest {
    private static final String OBJECTS = """
            {"kind":"GatewayClass","metadata":{"name":"c","generation":2},"spec":{"controllerName":"weft.dev/ingress",
              "parametersRef":{"group":"","kind":"ConfigMap","name":"x","namespace":"y"}},"status":{"conditions":[{"type":"A"}]}}
            {"kind":"Gateway","metadata":{"namespace":"a","name":"g"},"spec":{"gatewayClassName":"c",
              "addresses":[{"type":"IPAddress","value":"10.0.0.1"}],"infrastructure":{"labels":{"a":"b"}},
              "allowedListeners":{"namespaces":{"from":"All"}},
              "tls":{"backend":{"clientCertificateRef":{"name":"s"}},"frontend":{"default":{"validation":{"caCertificateRefs":
              [{"kind":"ConfigMap","group":"","name":"x"}]}},"perPort":[{"port":1,"tls":{}}]}},
              "listeners":[{"name":"l","port":80,"protocol":"HTTP","hostname":"a.b","allowedRoutes":{"namespaces":{"from":
              "Selector","selector":{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"k","operator":"In","values":["v"]}]}},
              "kinds":[{"kind":"HTTPRoute"}]},"tls":{"mode":"Terminate","certificateRefs":[{"name":"s"}]}},
              {"name":"t","port":81,"protocol":"TCP"},{"name":"s","port":443,"protocol":"TLS"}]}}
            {"kind":"ListenerSet","metadata":{"namespace":"a","name":"g"},"spec":{"parentRef":{"name":"g"},
              "listeners":[{"name":"l","port":82,"protocol":"HTTP"}]}}
            {"kind":"HTTPRoute","metadata":{"namespace":"a","name":"r","creationTimestamp":"2026-01-01T00:00:00Z"},
              "spec":{"parentRefs":[{"name":"g","sectionName":"l","port":80}],"hostnames":["a.b","*.b"],"rules":[{"matches":
              [{"path":{"type":"RegularExpression","value":"/a+"},"headers":[{"name":"h","value":"v"}],"queryParams":
              [{"name":"q","type":"RegularExpression","value":"v"}],"method":"GET"}],"filters":[{"type":"CORS","cors":{}},
              {"type":"RequestMirror","requestMirror":{"backendRef":{"name":"s","port":1},"percent":3}},
              {"type":"URLRewrite","urlRewrite":{"path":{"type":"ReplaceFullPath","replaceFullPath":"/x"}}}],
              "backendRefs":[{"name":"s","port":80,"weight":3}],"timeouts":{"request":"1s"},"retry":{"codes":[500],"attempts":2},
              "sessionPersistence":{"sessionName":"s","cookieConfig":{"lifetimeType":"Permanent"}}}]},
              "status":{"parents":[{"controllerName":"x","parentRef":{"name":"g"}}]}}
            {"kind":"GRPCRoute","metadata":{"namespace":"a","name":"r"},"spec":{"parentRefs":[{"name":"g"}],
              "rules":[{"matches":[{"method":{"service":"s","method":"m","type":"RegularExpression"}}]}]}}
            {"kind":"TLSRoute","metadata":{"namespace":"a","name":"r"},"spec":{"parentRefs":[{"name":"g"}],"hostnames":["a"],
              "rules":[{"backendRefs":[{"name":"s","port":80}]}]}}
            {"kind":"TCPRoute","metadata":{"namespace":"a","name":"r"},"spec":{"parentRefs":[{"name":"g"}],"rules":[{}]}}
            {"kind":"ReferenceGrant","metadata":{"namespace":"a","name":"r"},"spec":{"from":[{"group":"g","kind":"k",
              "namespace":"n"}],"to":[{"group":"","kind":"Service"}]}}
            {"kind":"BackendTLSPolicy","metadata":{"namespace":"a","name":"p"},"spec":{"targetRefs":[{"group":"",
              "kind":"Service","name":"s"}],"validation":{"hostname":"h","wellKnownCACertificates":"System",
              "subjectAltNames":[{"type":"URI","uri":"a://b"}]}}}
            {"kind":"GatewayService","metadata":{"namespace":"weft-system","name":"gw-g-0"},"spec":{"type":"ClusterIP",
              "clusterIPs":["10.96.0.1"],"selector":{"a":"b"},"ports":[{"port":80,"targetPort":10000,"protocol":"TCP"}]},
              "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}
            {"kind":"CustomResourceDefinition","metadata":{"name":"x"},"spec":{"group":"g","names":{"plural":"p"},
              "versions":[{"name":"v1","served":true,"schema":{"a":[1]}}]}}
            """;

    private static final List<Kind<?>> KINDS = kinds();

    private static List<Kind<?>> kinds() {
        List<Kind<?>> kinds = new ArrayList<>(GatewayKinds.ALL);
        kinds.add(GatewayKinds.GATEWAY_SERVICES);
        kinds.add(GatewayKinds.CRDS);
        return kinds;
    }

    @Test
    void any_damage_reads_and_compiles_or_is_refused() {
        byte[] good = OBJECTS.getBytes(StandardCharsets.UTF_8);
        Seeded.loop(5_000, random -> {
            byte[] damaged = good.clone();
            for (int i = random.nextInt(12); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] =
                        random.nextBoolean() ? (byte) random.nextInt() : good[random.nextInt(good.length)];
            }
            try {
                new GatewayCompiler("weft-system").compile(read(damaged));
            } catch (KubeException e) {
                assertThat(e).isInstanceOf(KubeFormatException.class);
            }
        });
    }

    /** Damage by the byte is mostly no JSON; this one always is: values change their places and types. */
    @Test
    void values_of_any_type_anywhere_compile() throws Exception {
        String all = OBJECTS;
        List<String> cases = new ArrayList<>(List.of(all));
        try (var files = Files.list(Path.of("src/test/resources/gateway"))) {
            for (Path file : files.filter(each -> each.toString().endsWith(".yaml"))
                    .sorted()
                    .toList()) {
                cases.add(Files.readString(file).replace("{PEM}", "x"));
            }
        }
        String[] values = {"{}", "[]", "null", "true", "-1", "99999999999", "\"\"", "\"*\"", "\"/\"", "[[{}]]", "0.5"};
        Seeded.loop(2_000, random -> {
            String text = cases.get(random.nextInt(cases.size()));
            for (int i = random.nextInt(4); i >= 0; i--) {
                text = replaceOne(text, values[random.nextInt(values.length)], random);
            }
            try {
                ObjectFiles files = new ObjectFiles(KINDS);
                files.read("{kind: GatewayClass, metadata: {name: weft}, spec: {controllerName: weft.dev/ingress}}");
                files.read(text);
                new GatewayCompiler("weft-system").compile(files.cluster());
            } catch (IOException | KubeFormatException e) {
                assertThat(e).hasMessageNotContaining("Exception");
            }
        });
    }

    private static String replaceOne(String text, String value, Random random) {
        int colon = text.indexOf(": ", random.nextInt(text.length()));
        if (colon < 0) {
            colon = text.indexOf("\":", random.nextInt(text.length()));
        }
        if (colon < 0) {
            return text;
        }
        int end = colon + 2;
        while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, colon + 2) + value + text.substring(end);
    }

    private static Cluster read(byte[] json) throws KubeException {
        Map<String, Decoder<?>> decoders = new HashMap<>();
        Map<String, Kind<?>> kinds = new HashMap<>();
        KINDS.forEach(kind -> {
            decoders.put(kind.name(), kind.spec().decoder());
            kinds.put(kind.name(), kind);
        });
        Map<Kind<?>, Map<ObjectKey, Object>> found = new HashMap<>();
        ObjectStream stream = new ObjectStream(decoders, (kind, key, value) -> {
            Kind<?> of = kinds.get(kind);
            if (of != null) {
                found.computeIfAbsent(of, each -> new HashMap<>()).put(key, value);
            }
        });
        try (JsonInput in = new JsonInput(new ByteArrayInputStream(json))) {
            stream.read(in);
        }
        Cluster cluster = Cluster.EMPTY;
        for (Map.Entry<Kind<?>, Map<ObjectKey, Object>> entry : found.entrySet()) {
            cluster = with(cluster, entry.getKey(), entry.getValue());
        }
        return cluster;
    }

    private static <T> Cluster with(Cluster cluster, Kind<T> kind, Map<ObjectKey, Object> objects) {
        Map<ObjectKey, T> typed = new HashMap<>();
        objects.forEach((key, value) -> typed.put(key, kind.type().cast(value)));
        return cluster.with(kind, typed);
    }
}
