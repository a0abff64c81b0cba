package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import dev.weft.config.DnsConfig;
import dev.weft.config.DnsStatus;
import dev.weft.config.DnsStatusJson;
import dev.weft.kube.KubeConfig;
import dev.weft.net.Ip;
import dev.weft.testkit.FreePort;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The server as a whole, on real sockets, against an API server that tells what the test says. */
class DnsServerTest {
    @TempDir
    private Path folder;

    private FakeApi api;
    private DnsServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        api = new FakeApi();
        api.has(FakeApi.SERVICES, service("web", "10.96.0.7"));
        api.has(FakeApi.NAMESPACES, "{\"metadata\":{\"name\":\"shop\"}}", "{\"metadata\":{\"name\":\"empty\"}}");
        api.has(FakeApi.PODS, """
                {"metadata":{"name":"p","namespace":"shop"},"status":{"phase":"Running","podIPs":[{"ip":"10.1.0.9"}]}}""");
        port = FreePort.next();
        Files.writeString(folder.resolve("resolv.conf"), "search example\n");
        server = new DnsServer(
                new ConfigFile.Content(config("cluster.local", DnsConfig.PodsMode.INSECURE, port), "first"),
                KubeConfig.anonymous(List.of(api.uri())),
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                folder.resolve("resolv.conf"),
                "1.2.3");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        api.close();
    }

    private DnsConfig config(String domain, DnsConfig.PodsMode pods, int listenPort) {
        return new DnsConfig(
                List.of(api.uri()),
                domain,
                30,
                pods,
                "kube-system/kube-dns",
                List.of(Ip.parse("127.0.0.1")),
                listenPort,
                List.of(),
                List.of(),
                List.of(new DnsConfig.Host(Ip.parse("192.0.2.9"), List.of("printer.example"))),
                DnsConfig.Cache.DEFAULT,
                100,
                false,
                false,
                Optional.empty(),
                List.of(),
                0);
    }

    private static String service(String name, String ip) {
        return """
                {"metadata":{"name":"%s","namespace":"shop","resourceVersion":"2"},
                 "spec":{"clusterIP":"%s","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""".formatted(name, ip);
    }

    private Message ask(String name, int type, boolean tcp) throws IOException {
        SimpleResolver resolver = new SimpleResolver(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        resolver.setTCP(tcp);
        resolver.setTimeout(Duration.ofSeconds(5));
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(name + "."), type, DClass.IN)));
    }

    private String ask(String name) throws IOException {
        Message answer = ask(name, Type.A, false);
        return Rcode.string(answer.getRcode())
                + answer.getSection(Section.ANSWER).stream()
                        .map(Record::rdataToString)
                        .toList();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.httpPort() + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private void awaitReady() {
        api.open();
        await().until(() -> get("/ready").statusCode() == 200);
    }

    @Test
    void nothingIsDeniedBeforeEverythingIsKnown() throws Exception {
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/ready").statusCode()).isEqualTo(503);
        assertThat(ask("web.shop.svc.cluster.local")).isEqualTo("SERVFAIL[]");
        assertThat(ask("printer.example")).isEqualTo("NOERROR[192.0.2.9]");

        awaitReady();

        assertThat(ask("web.shop.svc.cluster.local")).isEqualTo("NOERROR[10.96.0.7]");
        assertThat(ask("web.shop.svc.cluster.local", Type.SRV, true).getSection(Section.ANSWER))
                .hasSize(1);
        assertThat(ask("nothing.shop.svc.cluster.local")).isEqualTo("NXDOMAIN[]");
        assertThat(ask("empty.svc.cluster.local")).isEqualTo("NOERROR[]");
        assertThat(ask("example.com")).as("there are no upstreams").isEqualTo("SERVFAIL[]");
        String metrics = get("/metrics").body();
        assertThat(metrics)
                .contains("coredns_dns_requests_total{family=\"1\",proto=\"tcp\"")
                .contains("rcode=\"NXDOMAIN\",server=\"dns://:53\",view=\"\",zone=\".\"} 1")
                .contains("coredns_cache_entries")
                .contains("coredns_dns_request_duration_seconds_count{server=\"dns://:53\",view=\"\",zone=\".\"}")
                .contains("coredns_dns_response_size_bytes_bucket{proto=\"tcp\"")
                .contains("coredns_forward_max_concurrent_rejects_total 0")
                .contains("coredns_build_info{goversion=\"\",revision=\"\",version=\"weft-1.2.3\"} 1");
    }

    @Test
    void changesAreSeenAtOnce() throws Exception {
        awaitReady();
        assertThat(ask("new.shop.svc.cluster.local")).isEqualTo("NXDOMAIN[]");
        api.tell(FakeApi.SERVICES, "ADDED", service("new", "10.96.0.8"));
        await().until(() -> ask("new.shop.svc.cluster.local").equals("NOERROR[10.96.0.8]"));
        api.tell(FakeApi.SERVICES, "DELETED", service("web", "10.96.0.7"));
        await().until(() -> ask("web.shop.svc.cluster.local").equals("NXDOMAIN[]"));
    }

    @Test
    void bookmarksAreNoObjects() throws Exception {
        awaitReady();
        for (String path : List.of(FakeApi.SERVICES, FakeApi.SLICES, FakeApi.NAMESPACES)) {
            api.tell(path, "BOOKMARK", "{\"kind\":\"X\",\"metadata\":{\"resourceVersion\":\"9\"}}");
        }
        api.tell(FakeApi.SERVICES, "ADDED", service("new", "10.96.0.8"));
        await().until(() -> ask("new.shop.svc.cluster.local").equals("NOERROR[10.96.0.8]"));
        await().until(() -> get("/metrics").body().contains("weft_watch_events_total{kind=\"EndpointSlice\"} 1"));
        assertThat(get("/metrics").body())
                .contains("weft_watch_failures_total{kind=\"Service\"} 0")
                .contains("weft_watch_failures_total{kind=\"EndpointSlice\"} 0")
                .contains("weft_watch_lists_total{kind=\"EndpointSlice\"} 1");
    }

    @Test
    void configurationChangesWhileItRuns() throws Exception {
        awaitReady();
        server.take(config("other.example", DnsConfig.PodsMode.VERIFIED, port));
        await().until(() -> ask("web.shop.svc.other.example").equals("NOERROR[10.96.0.7]"));
        assertThat(ask("10-1-0-9.shop.pod.other.example")).isEqualTo("NOERROR[10.1.0.9]");
        assertThat(ask("10-1-0-8.shop.pod.other.example")).isEqualTo("NXDOMAIN[]");
        assertThat(ask("web.shop.svc.cluster.local")).as("somebody else's now").isEqualTo("SERVFAIL[]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.take(config("cluster.local", DnsConfig.PodsMode.DISABLED, port + 1)))
                .withMessageContaining("port");
        assertThat(ask("web.shop.svc.other.example")).isEqualTo("NOERROR[10.96.0.7]");
    }

    @Test
    void itTellsOfItself() throws Exception {
        awaitReady();
        DnsStatus status = DnsStatusJson.read(get("/status").body());
        assertThat(status.version()).isEqualTo("1.2.3");
        assertThat(status.ready()).isTrue();
        assertThat(status.config()).isEqualTo(new DnsStatus.Config(true, "", "first"));
        assertThat(status.names()).isGreaterThan(5);
        assertThat(status.upstreams()).isEmpty();
    }

    @Test
    void aChangeOfEndpointsIsTimed() throws Exception {
        api.has(FakeApi.SERVICES, service("db", "None"));
        awaitReady();
        api.tell(FakeApi.SLICES, "ADDED", """
                {"metadata":{"name":"db-1","namespace":"shop","resourceVersion":"3",
                  "labels":{"kubernetes.io/service-name":"db"},
                  "annotations":{"endpoints.kubernetes.io/last-change-trigger-time":"%s"}},
                 "endpoints":[{"addresses":["10.1.0.3"]}],"ports":[{"name":"pg","port":5432}]}""".formatted(Instant.now()).replace("\n", ""));
        await().until(() -> ask("db.shop.svc.cluster.local").equals("NOERROR[10.1.0.3]"));
        await().untilAsserted(() -> assertThat(get("/metrics").body())
                .contains("coredns_kubernetes_dns_programming_duration_seconds_count"
                        + "{service_kind=\"headless_with_selector\"} 1"));
    }

    @Test
    void manyQuestionsOnAConnection() throws Exception {
        awaitReady();
        try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(all);
            for (int i = 0; i < 50; i++) {
                byte[] query = Message.newQuery(
                                Record.newRecord(Name.fromString("web.shop.svc.cluster.local."), Type.A, DClass.IN))
                        .toWire();
                out.writeShort(query.length);
                out.write(query);
            }
            socket.getOutputStream().write(all.toByteArray());
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < 50; i++) {
                byte[] answer = new byte[in.readUnsignedShort()];
                in.readFully(answer);
                assertThat(new Message(answer).getSection(Section.ANSWER)).hasSize(1);
            }
        }
    }
}
