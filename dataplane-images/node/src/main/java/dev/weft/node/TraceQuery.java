package dev.weft.node;

import dev.weft.net.Ip;
import dev.weft.networkpolicy.NetworkPolicyRole;
import dev.weft.serviceproxy.ServiceProxyRole;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a person asks about one connection. {@code weft-node trace} asks the node's agent, which knows, over HTTP from the
 * same machine.
 *
 * @param from who connects: a pod, a node, or an address outside
 * @param to the address that it connects to
 * @param protocol tcp, udp or sctp
 * @param port 1 to 65535
 */
record TraceQuery(Ip from, Ip to, String protocol, int port) {
    static final String PATH = "/trace";

    /** IP protocol numbers, RFC 5237. */
    private static final Map<String, Integer> PROTOCOLS = Map.of("tcp", 6, "udp", 17, "sctp", 132);

    private static final String USAGE = "usage: weft-node trace --from IP --to IP --port N [--protocol tcp|udp|sctp]";
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    TraceQuery {
        if (from.family() != to.family()) {
            throw new IllegalArgumentException(from + " and " + to + " are not of one family");
        }
        if (!PROTOCOLS.containsKey(protocol)) {
            throw new IllegalArgumentException("protocol " + protocol + " is none of tcp, udp, sctp");
        }
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
    }

    /** Of a command line, each option as two words or as one with an equals sign. */
    static TraceQuery ofArguments(List<String> arguments) throws UsageException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            int equals = word.indexOf('=');
            if (!word.startsWith("--") || (equals < 0 && i + 1 == arguments.size())) {
                throw new UsageException(USAGE);
            }
            options.put(
                    word.substring(2, equals < 0 ? word.length() : equals),
                    equals < 0 ? arguments.get(++i) : word.substring(equals + 1));
        }
        try {
            return of(options);
        } catch (IllegalArgumentException e) {
            throw new UsageException(e.getMessage() + "\n" + USAGE);
        }
    }

    /**
     * Of the query of a URL.
     *
     * @throws IllegalArgumentException naming what is missing or wrong
     */
    static TraceQuery parse(String query) {
        Map<String, String> options = new HashMap<>();
        for (String option : query.split("&", -1)) {
            int equals = option.indexOf('=');
            if (equals > 0) {
                options.put(option.substring(0, equals), option.substring(equals + 1));
            }
        }
        return of(options);
    }

    private static TraceQuery of(Map<String, String> options) {
        String port = option(options, "port");
        if (!port.matches("\\d{1,5}")) {
            throw new IllegalArgumentException("port " + port + " is not between 1 and 65535");
        }
        return new TraceQuery(
                Ip.parse(option(options, "from")),
                Ip.parse(option(options, "to")),
                options.getOrDefault("protocol", "tcp"),
                Integer.parseInt(port));
    }

    private static String option(Map<String, String> options, String name) {
        String value = options.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    String query() {
        return "from=" + from + "&to=" + to + "&protocol=" + protocol + "&port=" + port;
    }

    /** In the agent. Policies see what a Service translates to, so of a Service's address they say nothing. */
    String answer(Optional<ServiceProxyRole> proxy, Optional<NetworkPolicyRole> policy) {
        int number = PROTOCOLS.getOrDefault(protocol, 0);
        String service = proxy.map(role -> role.trace(from, to, number, port))
                .orElse("Weft is not the service proxy of this node");
        String verdict = policy.map(role -> service.startsWith("Service ")
                        ? "network policies judge the endpoint: ask again with its address and port"
                        : role.trace(from, to, number, port))
                .orElse("Weft does not enforce network policies on this node");
        return service + "\n" + verdict;
    }

    /**
     * Asks the agent of this node.
     *
     * @throws IOException if it does not answer
     */
    String ask(int agentPort) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + agentPort + PATH + "?" + query());
        try (HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(PATIENCE)
                .build()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri).timeout(PATIENCE).GET().build(), HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the agent answers " + response.statusCode() + ": " + response.body());
            }
            return response.body().stripTrailing();
        }
    }
}
