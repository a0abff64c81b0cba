package dev.weft.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.Node;
import dev.weft.e2e.process.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How long ADD and DEL of a pod take, through libcni as container runtimes call it, on a node with Weft's agent. */
final class CniLatency {
    private static final int MANY = 30;
    private static final int FIRST_HOST_PORT = 20000;
    /** Nobody's pods are made while the kernel still takes those of the one before apart. */
    private static final String REST = "3s";

    private final Node node;
    private final Netbench netbench;
    private final Measurements measurements;
    private final Progress progress;

    CniLatency(Node node, Netbench netbench, Measurements measurements, Progress progress) {
        this.node = node;
        this.netbench = netbench;
        this.measurements = measurements;
        this.progress = progress;
    }

    /** Who is measured, and the configuration and plugins of each. Weft gives its pods both families. */
    private static Map<String, String> contestants() {
        Map<String, String> confs = new LinkedHashMap<>();
        confs.put(Measurements.WEFT, "/etc/cni/net.d/10-weft.conflist");
        confs.put("ptp IPv4", "/run/netbench/ptp.conflist");
        confs.put("bridge IPv4", "/run/netbench/bridge.conflist");
        return confs;
    }

    void run(int rounds) {
        node.exec("mkdir", "-p", "/run/netbench");
        node.write("/run/netbench/ptp.conflist", conflist("ptp", "\"type\":\"ptp\"", List.of("10.90.0.0/22")));
        node.write(
                "/run/netbench/bridge.conflist",
                conflist(
                        "bridge",
                        "\"type\":\"bridge\",\"bridge\":\"netbench0\",\"isGateway\":true",
                        List.of("10.91.0.0/22")));
        node.write(
                "/run/netbench/ptp-dual.conflist",
                conflist("ptp-dual", "\"type\":\"ptp\"", List.of("10.92.0.0/22", "fd00:92::/112")));
        node.write(
                "/run/netbench/bridge-dual.conflist",
                conflist(
                        "bridge-dual",
                        "\"type\":\"bridge\",\"bridge\":\"netbench1\",\"isGateway\":true",
                        List.of("10.94.0.0/22", "fd00:94::/112")));
        for (int round = 1; round <= rounds; round++) {
            progress.step("CNI latencies, round " + round + " of " + rounds);
            contestants().forEach((who, conflist) -> {
                measure(who, conflist, "one by one", 60, 1, 0);
                measure(who, conflist, MANY + " at once", 3 * MANY, MANY, 0);
                measure(who, conflist, MANY + " at once, hostPort", 3 * MANY, MANY, FIRST_HOST_PORT);
            });
            // Few, since each waits for two seconds until nobody else claims its address.
            for (String plugin : List.of("ptp", "bridge")) {
                String dual = "/run/netbench/" + plugin + "-dual.conflist";
                measure(plugin + " dual stack", dual, "one by one", 5, 1, 0);
                measure(plugin + " dual stack", dual, MANY + " at once", MANY, MANY, 0);
            }
        }
        node.exec("sh", "-c", "ip link del netbench0; ip link del netbench1; rm -rf /run/netbench /run/netbench-ipam");
    }

    private void measure(String who, String conflist, String how, int count, int parallel, int hostPort) {
        String plugins = who.equals(Measurements.WEFT) ? "/opt/cni/bin" : "/usr/lib/cni";
        JsonNode result = netbench.run(
                node,
                "cni",
                "--conflist",
                conflist,
                "--bin",
                plugins,
                "--count",
                String.valueOf(count),
                "--parallel",
                String.valueOf(parallel),
                "--rest",
                REST,
                "--host-port",
                String.valueOf(hostPort));
        for (String verb : List.of("add", "del")) {
            for (String quantile : List.of("p50", "p99")) {
                measurements.add(
                        Metric.lower("%s %s, %s".formatted(verb.toUpperCase(Locale.ROOT), quantile, how), "ms"),
                        who,
                        result.path(verb).path(quantile + "Micros").asDouble() / 1000);
            }
        }
    }

    private static String conflist(String name, String link, List<String> subnets) {
        String ranges = String.join(
                ",", subnets.stream().map(s -> "[{\"subnet\":\"" + s + "\"}]").toList());
        return """
                {"cniVersion":"1.0.0","name":"netbench-%s","plugins":[
                 {%s,"ipMasq":false,"ipam":{"type":"host-local","dataDir":"/run/netbench-ipam","ranges":[%s],
                  "routes":[{"dst":"0.0.0.0/0"}]}},
                 {"type":"portmap","capabilities":{"portMappings":true}}]}
                """.formatted(name, link, ranges);
    }
}
