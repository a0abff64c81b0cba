package dev.weft.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dns.wire.DnsName;
import dev.weft.dns.wire.Question;
import dev.weft.dns.wire.RecordType;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a new Service is unknown (D18 of the specification): from the API server's answer to who creates it until the
 * first right answer, of CoreDNS and Weft beside each other, both asked two thousand times a second. Prints; only that all are known in
 * the end is asserted. Runs where {@link CoreDnsBeside} finds its programs.
 */
class WatchLatencyTest {
    /** The first are for those who warm up. */
    private static final int BEFORE = 100;

    private static final int SERVICES = 200;
    private static final long PAUSE_NANOS = 500_000;

    @TempDir
    private Path folder;

    @Test
    void newServicesAreKnownSoon() throws Exception {
        List<Double> ours = new ArrayList<>();
        List<Double> theirs = new ArrayList<>();
        try (CoreDnsBeside both = CoreDnsBeside.start(folder, new CoreDnsObjects());
                HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int i = 0; i < BEFORE + SERVICES; i++) {
                DnsName name = DnsName.parse("latency-" + i + ".shop.svc.cluster.local");
                Future<Long> mine = threads.submit(() -> firstAnswer(both.ours(), name));
                Future<Long> other = threads.submit(() -> firstAnswer(both.theirs(), name));
                long created = create(client, both, i);
                double mineAfter = (mine.get() - created) / 1e6;
                double otherAfter = (other.get() - created) / 1e6;
                delete(client, both, i);
                if (i >= BEFORE) {
                    ours.add(mineAfter);
                    theirs.add(otherAfter);
                }
            }
        }
        System.out.printf(
                "Service created to first right answer, ms of %d: Weft p50 %.2f p99 %.2f most %.2f;"
                        + " CoreDNS p50 %.2f p99 %.2f most %.2f%n",
                SERVICES,
                part(ours, 0.5),
                part(ours, 0.99),
                part(ours, 1),
                part(theirs, 0.5),
                part(theirs, 0.99),
                part(theirs, 1));
    }

    /** The test server has few addresses for Services. */
    private static void delete(HttpClient client, CoreDnsBeside both, int i) throws IOException, InterruptedException {
        client.send(
                HttpRequest.newBuilder(both.api().resolve("/api/v1/namespaces/shop/services/latency-" + i))
                        .DELETE()
                        .build(),
                HttpResponse.BodyHandlers.discarding());
    }

    /** Returns when it was there. */
    private static long create(HttpClient client, CoreDnsBeside both, int i) throws IOException, InterruptedException {
        String name = "latency-" + i;
        String service = """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"%s","namespace":"shop"},
                 "spec":{"ports":[{"name":"http","port":80}]}}""".formatted(name);
        HttpResponse<String> response = client.send(
                HttpRequest.newBuilder(both.api().resolve("/api/v1/namespaces/shop/services"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(service))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        long at = System.nanoTime();
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        return at;
    }

    private static long firstAnswer(int port, DnsName name) throws IOException {
        byte[] query = Question.query(1, name, RecordType.A, false);
        byte[] buffer = new byte[1500];
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
            while (true) {
                socket.send(new DatagramPacket(query, query.length));
                socket.receive(new DatagramPacket(buffer, buffer.length));
                if ((buffer[3] & 15) == 0) {
                    return System.nanoTime();
                }
                LockSupport.parkNanos(PAUSE_NANOS); // leaves processors to those who are measured
            }
        }
    }

    private static double part(List<Double> millis, double part) {
        return millis.stream()
                .sorted()
                .skip(Math.min(millis.size() - 1, (long) (part * millis.size())))
                .findFirst()
                .orElseThrow();
    }
}
