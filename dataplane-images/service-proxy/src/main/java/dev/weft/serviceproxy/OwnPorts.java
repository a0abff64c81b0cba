package dev.weft.serviceproxy;

import dev.weft.agent.Log;
import dev.weft.serviceproxy.HealthPorts.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The proxy's own ports, which are those of kube-proxy, so that whoever asks finds the same: health for load balancers on
 * all addresses, mode and metrics for this machine. kube-proxy may hold them while the node passes to Weft. Any thread.
 */
final class OwnPorts {
    /** kube-proxy's --healthz-bind-address. */
    static final int HEALTH = 10256;

    /** kube-proxy's --metrics-bind-address: 127.0.0.1 with this port. */
    static final int METRICS = 10249;

    private static final Log LOG = Log.of("service-proxy");

    private record Port(InetSocketAddress address, Map<String, Supplier<Answer>> pages) {}

    private final HealthPorts ports;
    private final Set<Integer> told = new HashSet<>();
    private List<Port> missing;

    /** Opens nothing before {@link #serve}. */
    OwnPorts(HealthPorts ports, Supplier<Answer> healthz, Supplier<Answer> livez, Supplier<String> metrics) {
        this.ports = ports;
        missing = List.of(
                new Port(new InetSocketAddress(HEALTH), Map.of("/healthz", healthz, "/livez", livez)),
                new Port(
                        new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), METRICS),
                        Map.of(
                                "/healthz", () -> Answer.text("ok"),
                                "/proxyMode", () -> Answer.text("nftables"),
                                "/metrics", () -> Answer.metrics(metrics.get()))));
    }

    /**
     * Serves what is not served yet; a port that is taken is told of once.
     *
     * @return whether another program has given a port up that it had at an earlier call
     */
    synchronized boolean serve() {
        List<Port> still = new ArrayList<>();
        boolean givenUp = false;
        for (Port port : missing) {
            int number = port.address().getPort();
            try {
                ports.serve(port.address(), port.pages());
                LOG.info(
                        "port of the proxy is served",
                        "port",
                        number,
                        "pages",
                        port.pages().keySet().stream().sorted().toList());
                givenUp |= told.contains(number);
            } catch (IOException e) {
                if (told.add(number)) {
                    LOG.warn("port of the proxy is not served yet", e, "port", number);
                }
                still.add(port);
            }
        }
        missing = List.copyOf(still);
        return givenUp;
    }

    /** Numbers of the ports that another program has. */
    synchronized List<Integer> missing() {
        return missing.stream().map(port -> port.address().getPort()).toList();
    }
}
