package dev.weft.cni.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.Log;
import dev.weft.agent.Metrics;
import dev.weft.cni.protocol.CniError;
import dev.weft.cni.protocol.CniException;
import dev.weft.cni.protocol.CniRequest;
import dev.weft.linux.Fd;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.UnixConnection;
import dev.weft.net.Ip;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CniServerTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Path OWN_NETNS = Path.of("/proc/self/ns/net");

    @TempDir
    Path folder;

    private final Metrics metrics = new Metrics();

    private CniServer serve(CniHandler handler) {
        return CniServer.start(folder.resolve("cni.sock"), handler, metrics, Log.of("cni"));
    }

    private static String request(String command) {
        return "{\"command\":\"" + command + "\",\"containerId\":\"c0ffee\",\"netns\":\"/run/netns/a\","
                + "\"ifname\":\"eth0\",\"args\":\"K8S_POD_NAMESPACE=shop;K8S_POD_NAME=cart-0\",\"path\":\"\","
                + "\"config\":{\"cniVersion\":\"1.1.0\",\"name\":\"weft\",\"type\":\"weft\"}}";
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
    }

    private String ask(String request, Optional<Fd> netns) {
        try (UnixConnection connection = UnixConnection.connect(folder.resolve("cni.sock"))) {
            byte[] frame = frame(request);
            if (netns.isPresent()) {
                connection.send(frame, netns.get(), TIMEOUT);
            } else {
                connection.send(frame, TIMEOUT);
            }
            try (UnixConnection.Received header = connection.receiveFully(4, TIMEOUT);
                    UnixConnection.Received body = connection.receiveFully(
                            ByteBuffer.wrap(header.bytes()).getInt(), TIMEOUT)) {
                return new String(body.bytes(), StandardCharsets.UTF_8);
            }
        }
    }

    @Test
    void theHandlerGetsTheRequestAndTheNamespace() {
        List<CniRequest> requests = new ArrayList<>();
        List<Boolean> own = new ArrayList<>();
        try (CniServer server = serve((request, netns) -> {
                    requests.add(request);
                    own.add(netns.isPresent() && sameAsOurs(netns.get()));
                    return CniHandler.Outcome.NOTHING;
                });
                Fd fd = Fd.open(OWN_NETNS)) {
            assertThat(server).isNotNull();
            assertThat(ask(request("ADD"), Optional.of(fd))).isEqualTo("{\"exitCode\":0,\"stdout\":\"\"}");
            assertThat(ask(request("DEL"), Optional.empty())).isEqualTo("{\"exitCode\":0,\"stdout\":\"\"}");
        }
        assertThat(requests.getFirst()).isInstanceOf(CniRequest.Add.class);
        assertThat(own).containsExactly(true, false);
        assertThat(metrics.text()).contains("weft_cni_request_duration_seconds_count{verb=\"ADD\",code=\"0\"} 1");
    }

    private static boolean sameAsOurs(Netns netns) {
        try (Netns ours = Netns.current()) {
            return ours.id().equals(netns.id());
        }
    }

    @Test
    void failuresBecomeErrorDocuments() {
        try (CniServer server = serve((request, netns) -> {
            if (request instanceof CniRequest.Status) {
                throw new IllegalStateException("a mistake of ours");
            }
            throw new CniException(CniError.TRY_AGAIN_LATER, "no free address in 10.244.1.0/24");
        })) {
            assertThat(server).isNotNull();
            assertThat(ask(request("ADD"), Optional.empty()))
                    .contains("\"exitCode\":1", "\\\"code\\\":11", "no free address in 10.244.1.0/24")
                    .contains("\\\"cniVersion\\\":\\\"1.1.0\\\"");
            assertThat(ask(request("STATUS"), Optional.empty())).contains("\\\"code\\\":5", "a mistake of ours");
            assertThat(ask("nonsense", Optional.empty())).contains("\\\"code\\\":6");
            assertThat(ask(request("ADD").replace("1.1.0", "9.0.0"), Optional.empty()))
                    .contains("\\\"code\\\":1,");
        }
        assertThat(metrics.text()).contains("{verb=\"ADD\",code=\"11\"} 1", "{verb=\"invalid\",code=\"6\"} 1");
    }

    @Test
    void aClientThatBreaksOffHarmsNobody() {
        try (CniServer server = serve((request, netns) -> CniHandler.Outcome.NOTHING)) {
            assertThat(server).isNotNull();
            for (byte[] part : List.of(new byte[] {0, 0}, new byte[] {-1, 0, 0, 0}, frame(request("ADD")))) {
                try (UnixConnection connection = UnixConnection.connect(folder.resolve("cni.sock"))) {
                    connection.send(part, TIMEOUT);
                }
            }
            assertThat(ask(request("DEL"), Optional.empty())).contains("\"exitCode\":0");
        }
    }

    @Test
    void requestsRunAtOnceAndCloseWaitsForThem() throws Exception {
        CountDownLatch allIn = new CountDownLatch(10);
        List<Callable<String>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            calls.add(() -> ask(request("ADD"), Optional.empty()));
        }
        try (ExecutorService clients = Executors.newFixedThreadPool(10)) {
            List<Future<String>> answers = new ArrayList<>();
            try (CniServer server = serve((request, netns) -> {
                allIn.countDown();
                await(allIn);
                return new CniHandler.Outcome(Optional.empty(), List.of(Ip.parse("10.244.1.2")));
            })) {
                assertThat(server).isNotNull();
                calls.forEach(call -> answers.add(clients.submit(call)));
                allIn.await();
            }
            for (Future<String> answer : answers) {
                assertThat(answer.get()).contains("\"exitCode\":0");
            }
        }
        assertThatThrownBy(() -> ask(request("ADD"), Optional.empty())).isInstanceOf(LinuxException.class);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
