package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Lab;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.process.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * What Services are measured with, on one node: two network namespaces that are linked like pods, a client and a server.
 * The server has all addresses of 10.244.128.0/17, so every endpoint of every Service answers, and says which one it is.
 */
final class ServiceBed {
    static final int PORT = 8080;
    /** An endpoint, without a Service. */
    static final String STRAIGHT = "10.244.128.0:" + PORT;

    private static final int WRITTEN_AT_ONCE = 2000;
    private static final String CLIENT = "nb-client";
    private static final String SERVER = "nb-server";
    private static final String CLIENT_ADDRESS = "10.244.0.250";
    private static final String SERVER_ADDRESS = "10.244.0.251";
    private static final String ENDPOINTS = "10.244.128.0/17";
    private static final String SERVE = "netbench-server";
    private static final String METRICS = "http://127.0.0.1:10249/metrics";
    private static final String FULL_SYNC = "kubeproxy_sync_full_proxy_rules_duration_seconds";

    private final Node node;
    private final Netbench netbench;
    private final String kubeconfig;

    ServiceBed(Lab lab, Node node, Netbench netbench) {
        this.node = node;
        this.netbench = netbench;
        this.kubeconfig = lab.paths().kubeconfig("admin").toString();
    }

    void make() {
        link(CLIENT, "nbc", CLIENT_ADDRESS);
        link(SERVER, "nbs", SERVER_ADDRESS);
        node.exec("ip", "-n", SERVER, "route", "add", "local", ENDPOINTS, "dev", "lo");
        node.exec("ip", "route", "add", ENDPOINTS, "via", SERVER_ADDRESS, "dev", "nbs", "onlink");
        node.start(SERVE, inside(SERVER, netbench.command("serve", "--listen", "0.0.0.0:" + PORT)));
        Commands.run(
                "sh",
                "-c",
                "for i in $(seq 100); do grep -q ready '" + node.log(SERVE) + "' && exit 0; sleep 0.1; done; exit 1");
    }

    /** Writes Services and their EndpointSlices, a part at a time, so that one sees how far it is. */
    void write(ServiceCount count, Progress progress) {
        for (int first = 0; first < count.services(); first += WRITTEN_AT_ONCE) {
            int end = Math.min(first + WRITTEN_AT_ONCE, count.services());
            services("write", new ServiceCount(end, count.endpoints()), "--first", String.valueOf(first));
            progress.step("  %d of %d".formatted(end, count.services()));
        }
    }

    /**
     * Empties the node's table of connections. A connection that was tried before there were rules stays in it for two
     * minutes, untranslated; the next one from the same port is taken for it, passes the rules by, and is refused.
     */
    void forgetConnections() {
        node.exec("conntrack", "-F");
    }

    /**
     * How long a full sync of the proxy took, by its own account: both have kube-proxy's metrics at kube-proxy's port. Of
     * kube-proxy IPv4 alone is counted; for IPv6, which no Service has here, it may still be at it.
     */
    double fullSyncSeconds() {
        double seconds = 0;
        double syncs = 0;
        for (String line : node.exec("curl", "-sS", "--fail", METRICS).lines().toList()) {
            if (line.startsWith(FULL_SYNC) && !line.contains("IPv6")) {
                double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
                seconds += line.startsWith(FULL_SYNC + "_sum") ? value : 0;
                syncs += line.startsWith(FULL_SYNC + "_count") ? value : 0;
            }
        }
        if (syncs == 0) {
            throw new LabException("the proxy has no full sync in its metrics");
        }
        return seconds / syncs;
    }

    /** Runs one of netbench's commands where the client is. */
    JsonNode run(List<String> arguments) {
        return Netbench.json(node.exec(inside(CLIENT, netbench.command(arguments.toArray(String[]::new)))
                .toArray(String[]::new)));
    }

    /** Runs one of netbench's commands about Services, on as many as there are. */
    JsonNode services(String command, ServiceCount count, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "services-" + command,
                "--kubeconfig",
                kubeconfig,
                "--count",
                String.valueOf(count.services()),
                "--endpoints",
                String.valueOf(count.endpoints())));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private void link(String netns, String device, String address) {
        node.exec("ip", "netns", "add", netns);
        node.exec("ip", "link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", netns);
        node.exec("ip", "link", "set", device, "up");
        for (String line : List.of(
                "link set lo up",
                "link set eth0 up",
                "addr add " + address + "/32 dev eth0",
                "route add 169.254.1.1 dev eth0 scope link",
                "route add default via 169.254.1.1 dev eth0",
                "neigh add 169.254.1.1 lladdr " + mac("-br link show " + device) + " dev eth0 nud permanent")) {
            ip("-n " + netns + " " + line);
        }
        String inner = mac("-n " + netns + " -br link show eth0");
        ip("neigh add " + address + " lladdr " + inner + " dev " + device + " nud permanent");
        ip("route add " + address + "/32 dev " + device);
    }

    /** The address in the third column of {@code ip -br link}. */
    private String mac(String show) {
        return ip(show).strip().split("\\s+")[2];
    }

    private String ip(String arguments) {
        return node.exec(("ip " + arguments).split(" "));
    }

    private static List<String> inside(String netns, List<String> command) {
        List<String> entered = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + netns, "--"));
        entered.addAll(command);
        return entered;
    }
}
