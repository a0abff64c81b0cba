package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.RunningPod;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The only server behind a UDP Service is replaced while it is asked, by a client that keeps its socket and by one that
 * takes a new one each time. What the kernel has tracked must not keep the first client on the old server once the
 * EndpointSlice says that it does not serve any more: its last datagram to there is no later than the time that it takes
 * to program the kernel, on a node that tracks up to 240,000 other connections. Before that the old server is right for the
 * first client, also while it terminates.
 *
 * @param rounds how often
 */
record DnsReplaced(int rounds) implements Fault {
    /** The client that keeps its socket asks at the one port, the other client at the other. */
    private static final int KEPT_PORT = ServiceTarget.PORT;

    private static final int FRESH_PORT = KEPT_PORT + 1;
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    /** Connections that end in each round and stay in the kernel's table for two minutes. */
    private static final String OTHERS = "80000";

    /** To program the kernel, between two datagrams of a client, and for the threads that see them. */
    private static final Duration TOLERANCE = Duration.ofMillis(100);

    @Override
    public String title() {
        return "a UDP server is replaced under load";
    }

    @Override
    public void run(Scene scene, Findings findings) {
        ServiceTarget target = ServiceTarget.create(scene, "dns-like", "UDP", KEPT_PORT, FRESH_PORT);
        RunningPod client = scene.pods().start("dns-client", scene.node(1).name());
        Server old = Server.start(scene, target, 0);
        Background kept = ask(scene, client, target, KEPT_PORT, false);
        Background fresh = ask(scene, client, target, FRESH_PORT, true);
        for (int round = 1; round <= rounds; round++) {
            old = replace(scene, findings, target, client, old, round);
        }
        tell(findings, "one socket", kept.stop());
        tell(findings, "a socket each", fresh.stop());
        old.end();
        target.delete(scene);
        scene.pods().deleteAll();
    }

    private static Server replace(
            Scene scene, Findings findings, ServiceTarget target, RunningPod client, Server old, int round) {
        scene.netbench().run(client.node(), "fill", "--count", OTHERS);
        Background keptSniff = sniff(scene, client, old, KEPT_PORT);
        Background freshSniff = sniff(scene, client, old, FRESH_PORT);
        Server next = Server.start(scene, target, round);
        ApiServerAway.rest(Duration.ofSeconds(2));
        String address = old.pod.addresses().getFirst();
        Instant gone;
        try (Departure departure = Departure.watch(scene, target, address)) {
            scene.lab()
                    .client()
                    .pods()
                    .inNamespace(Pods.NAMESPACE)
                    .withName(old.pod.name())
                    .delete();
            gone = departure.await();
        }
        ApiServerAway.rest(Duration.ofSeconds(8));
        old.end();
        JsonNode keptSeen = keptSniff.stop();
        JsonNode freshSeen = freshSniff.stop();
        findings.expect(
                "round " + round + ": both clients asked the old server",
                keptSeen.path("packets").asInt() > 0
                        && freshSeen.path("packets").asInt() > 0,
                keptSeen + " and " + freshSeen);
        Instant lastKept = last(keptSeen);
        Instant lastFresh = last(freshSeen);
        findings.millis("round " + round + ": last datagram of new sockets after the end", later(gone, lastFresh));
        findings.millis("round " + round + ": last datagram of the old socket after the end", later(gone, lastKept));
        findings.expect(
                "round " + round + ": the old socket leaves the old server with the rules",
                !lastKept.isAfter(lastFresh.plus(TOLERANCE)) || !lastKept.isAfter(gone.plus(TOLERANCE)),
                "%d ms after the end of serving, new ones %d ms"
                        .formatted(
                                later(gone, lastKept).toMillis(),
                                later(gone, lastFresh).toMillis()));
        return next;
    }

    private static Duration later(Instant change, Instant packet) {
        return packet.isBefore(change) ? Duration.ZERO : Duration.between(change, packet);
    }

    private static Instant last(JsonNode sniffed) {
        return Instant.ofEpochMilli(sniffed.path("lastUnixMillis").asLong());
    }

    private static Background ask(Scene scene, RunningPod client, ServiceTarget target, int port, boolean fresh) {
        String to = target.service().getSpec().getClusterIP() + ":" + port;
        return Background.start(
                "ask",
                client.node(),
                scene.netbench().command("ask", "--to", to, "--netns", client.netns(), "--fresh=" + fresh));
    }

    private static Background sniff(Scene scene, RunningPod client, Server server, int port) {
        String to = server.pod.addresses().getFirst() + ":" + port;
        return Background.start("sniff", client.node(), scene.netbench().command("sniff", "--to", to));
    }

    private static void tell(Findings findings, String client, JsonNode seen) {
        findings.figure(client + ": asked", seen.path("asked").asInt(), "");
        findings.figure(
                client + ": not answered",
                seen.path("asked").asInt() - seen.path("answered").asInt(),
                "");
        findings.expect(client + " is answered", seen.path("answered").asInt() > 0, "never");
    }

    private record Server(RunningPod pod, List<Background> programs) {
        static Server start(Scene scene, ServiceTarget target, int round) {
            int node = round % scene.nodes().size();
            RunningPod pod = target.start(
                    scene, "dns-server-" + round, scene.nodes().get(node).name());
            return new Server(
                    pod,
                    List.of(
                            Flow.serve(scene.netbench(), pod, KEPT_PORT),
                            Flow.serve(scene.netbench(), pod, FRESH_PORT)));
        }

        void end() {
            programs.forEach(Background::end);
        }
    }

    /** When an address stops being an endpoint that serves, as the API server tells. */
    private record Departure(CompletableFuture<Instant> moment, List<SharedIndexInformer<EndpointSlice>> watch)
            implements AutoCloseable {
        static Departure watch(Scene scene, ServiceTarget target, String address) {
            CompletableFuture<Instant> moment = new CompletableFuture<>();
            SharedIndexInformer<EndpointSlice> informer = scene.lab()
                    .client()
                    .discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(Pods.NAMESPACE)
                    .withLabel("kubernetes.io/service-name", target.name())
                    .inform(new ResourceEventHandler<>() {
                        @Override
                        public void onAdd(EndpointSlice slice) {}

                        @Override
                        public void onUpdate(EndpointSlice before, EndpointSlice slice) {
                            if (has(before, address) && !has(slice, address)) {
                                moment.complete(Instant.now());
                            }
                        }

                        @Override
                        public void onDelete(EndpointSlice slice, boolean finalStateUnknown) {
                            if (has(slice, address)) {
                                moment.complete(Instant.now());
                            }
                        }
                    });
            return new Departure(moment, List.of(informer));
        }

        private static boolean has(EndpointSlice slice, String address) {
            return slice.getEndpoints().stream()
                    .anyMatch(endpoint -> endpoint.getAddresses().contains(address)
                            && !Boolean.FALSE.equals(endpoint.getConditions().getServing()));
        }

        Instant await() {
            try {
                return moment.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LabException("interrupted", e);
            } catch (ExecutionException | TimeoutException e) {
                throw new LabException("the EndpointSlice still says that the deleted pod serves", e);
            }
        }

        @Override
        public void close() {
            watch.forEach(SharedIndexInformer::close);
        }
    }
}
