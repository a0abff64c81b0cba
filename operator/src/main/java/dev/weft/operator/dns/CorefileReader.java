package dev.weft.operator.dns;

import dev.weft.api.DnsHostSpec;
import dev.weft.api.PodRecords;
import dev.weft.api.StubDomainSpec;
import dev.weft.net.Ip;
import dev.weft.operator.dns.Corefile.Directive;
import dev.weft.operator.dns.Corefile.Server;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads one Corefile. Plugins that change no answer, or only how fast it comes, need no word. */
final class CorefileReader {
    /** Weft has its own in their place: cache, health, metrics, order of records, loop detection, reloading. */
    private static final Set<String> COVERED = Set.of(
            "errors",
            "health",
            "ready",
            "prometheus",
            "cache",
            "loop",
            "reload",
            "loadbalance",
            "bufsize",
            "metadata",
            "minimal",
            "cancel",
            "pprof",
            "trace");

    private static final Set<String> FORWARD_COVERED = Set.of(
            "max_fails",
            "expire",
            "health_check",
            "policy",
            "prefer_udp",
            "max_concurrent",
            "tls",
            "next",
            "failfast_all_unhealthy_upstreams",
            "failover",
            "max_connect_attempts",
            "max_idle_conns");

    /** What {@code kubernetes} takes and Weft does anyway or need not do. */
    private static final Set<String> KUBERNETES_COVERED =
            Set.of("fallthrough", "resyncperiod", "upstream", "kubeconfig", "endpoint", "tls", "startup_timeout");

    /** CoreDNS, plugin/kubernetes: what holds when nothing is said. */
    private static final int DEFAULT_TTL = 5;

    private static final int MAX_TTL = 3600;

    private static final Pattern PORT = Pattern.compile("(.*):(\\d{1,5})");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,63}([.][A-Za-z0-9_-]{1,63})*[.]?");

    private Optional<String> domain = Optional.empty();
    private final List<String> upstreams = new ArrayList<>();
    private final Map<String, StubDomainSpec> stubDomains = new LinkedHashMap<>();
    private final Map<String, List<String>> hosts = new LinkedHashMap<>();
    private Optional<PodRecords> podRecords = Optional.empty();
    private Optional<Integer> ttl = Optional.empty();
    private final List<String> untaken = new ArrayList<>();

    CorefileTerms read(Corefile corefile) {
        corefile.servers().forEach(this::server);
        return new CorefileTerms(
                domain,
                upstreams,
                List.copyOf(stubDomains.values()),
                hosts.entrySet().stream()
                        .map(e -> new DnsHostSpec(e.getKey(), e.getValue()))
                        .toList(),
                podRecords,
                ttl,
                untaken);
    }

    private void server(Server server) {
        List<String> zones = new ArrayList<>();
        for (String key : server.keys()) {
            if (key.startsWith("(")) {
                untaken.add("the snippet " + key + " is not followed");
                return;
            }
            zone(key)
                    .ifPresentOrElse(
                            zones::add,
                            () -> untaken.add("the server " + key + " is not served by Weft: only port 53 is"));
        }
        if (zones.isEmpty()) {
            return;
        }
        for (Directive directive : server.directives()) {
            switch (directive.name()) {
                case "kubernetes" -> kubernetes(directive, zones);
                case "forward" -> forward(directive, zones);
                case "hosts" -> hosts(directive);
                default -> {
                    if (!COVERED.contains(directive.name())) {
                        untaken.add(
                                "line " + directive.line() + ": " + directive.name() + " has no counterpart in Weft");
                    }
                }
            }
        }
    }

    /** The zone of a key on port 53, in lower case and without its last dot; {@code .} for everything. */
    private static Optional<String> zone(String key) {
        String rest = key.startsWith("dns://") ? key.substring("dns://".length()) : key;
        var port = PORT.matcher(rest);
        if (port.matches()) {
            if (!port.group(2).equals("53")) {
                return Optional.empty();
            }
            rest = port.group(1);
        }
        String name = rest.toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.equals(".")) {
            return Optional.of(".");
        }
        return NAME.matcher(name).matches() ? Optional.of(withoutDot(name)) : Optional.empty();
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private void kubernetes(Directive directive, List<String> zones) {
        List<String> served = (directive.arguments().isEmpty() ? zones : directive.arguments())
                .stream()
                        .map(z -> withoutDot(z.toLowerCase(Locale.ROOT)))
                        .filter(z -> !z.isEmpty() && !z.endsWith(".arpa") && !z.contains("/"))
                        .toList();
        if (domain.isPresent()) {
            untaken.add("line " + directive.line() + ": a second cluster domain is not served");
            return;
        }
        domain = served.stream().filter(z -> NAME.matcher(z).matches()).findFirst();
        if (served.size() > 1) {
            untaken.add("line " + directive.line() + ": of the domains " + String.join(", ", served)
                    + " only the first one is served");
        }
        podRecords = Optional.of(PodRecords.DISABLED);
        ttl = Optional.of(DEFAULT_TTL);
        for (Directive option : directive.block()) {
            String argument =
                    option.arguments().isEmpty() ? "" : option.arguments().getFirst();
            switch (option.name()) {
                case "pods" -> pods(option, argument);
                case "ttl" -> ttl(option, argument);
                default -> {
                    if (!KUBERNETES_COVERED.contains(option.name())) {
                        untaken.add("line " + option.line() + ": kubernetes " + option.name()
                                + " has no counterpart in Weft");
                    }
                }
            }
        }
    }

    private void pods(Directive option, String mode) {
        switch (mode) {
            case "disabled" -> podRecords = Optional.of(PodRecords.DISABLED);
            case "insecure" -> podRecords = Optional.of(PodRecords.INSECURE);
            case "verified" -> podRecords = Optional.of(PodRecords.VERIFIED);
            default ->
                untaken.add("line " + option.line() + ": pods " + mode + " is none of disabled, insecure, verified");
        }
    }

    private void ttl(Directive option, String seconds) {
        if (seconds.matches("\\d{1,4}") && Integer.parseInt(seconds) <= MAX_TTL) {
            ttl = Optional.of(Integer.valueOf(seconds));
        } else {
            untaken.add("line " + option.line() + ": ttl " + seconds + " is not between 0 and " + MAX_TTL);
        }
    }

    private void forward(Directive directive, List<String> zones) {
        if (directive.arguments().size() < 2) {
            untaken.add("line " + directive.line() + ": forward names no server");
            return;
        }
        String from = directive.arguments().getFirst().toLowerCase(Locale.ROOT);
        String tlsName = "";
        boolean tcp = false;
        for (Directive option : directive.block()) {
            switch (option.name()) {
                case "tls_servername" ->
                    tlsName = option.arguments().isEmpty()
                            ? ""
                            : option.arguments().getFirst();
                case "force_tcp" -> tcp = true;
                default -> {
                    if (!FORWARD_COVERED.contains(option.name())) {
                        untaken.add(
                                "line " + option.line() + ": forward " + option.name() + " has no counterpart in Weft");
                    }
                }
            }
        }
        List<String> servers = servers(directive, tlsName, tcp);
        for (String zone : from.equals(".") ? zones : List.of(withoutDot(from))) {
            if (zone.equals(".")) {
                servers.stream().filter(s -> !upstreams.contains(s)).forEach(upstreams::add);
            } else if (!NAME.matcher(zone).matches()) {
                untaken.add("line " + directive.line() + ": forward of " + zone + ", which is no DNS name");
            } else if (!servers.isEmpty() && stubDomains.putIfAbsent(zone, new StubDomainSpec(zone, servers)) != null) {
                untaken.add("line " + directive.line() + ": a second forward of " + zone);
            }
        }
    }

    /** In the API's words. A file is the node's resolv.conf, which Weft asks when no server is named. */
    private List<String> servers(Directive directive, String tlsName, boolean tcp) {
        List<String> servers = new ArrayList<>();
        for (String to : directive.arguments().subList(1, directive.arguments().size())) {
            if (to.equals("/etc/resolv.conf")) {
                continue;
            }
            boolean plain = !to.contains("://");
            String address = to.startsWith("dns://") ? to.substring("dns://".length()) : to;
            String server = (plain && tcp ? "tcp://" : "")
                    + address
                    + (to.startsWith("tls://") && !tlsName.isEmpty() ? "#" + tlsName : "");
            try {
                UpstreamText.parse(server);
                servers.add(server);
            } catch (IllegalArgumentException e) {
                untaken.add("line " + directive.line() + ": forward to " + to + ", which is no address");
            }
        }
        return servers;
    }

    private void hosts(Directive directive) {
        if (!directive.arguments().isEmpty()
                && !NAME.matcher(directive.arguments().getFirst()).matches()) {
            untaken.add("line " + directive.line() + ": hosts of the file "
                    + directive.arguments().getFirst() + " are not read; write them into spec.dns.hosts");
        }
        for (Directive line : directive.block()) {
            if (!line.name().contains(".") && !line.name().contains(":")) {
                if (!Set.of("fallthrough", "ttl", "no_reverse", "reload").contains(line.name())) {
                    untaken.add("line " + line.line() + ": hosts " + line.name() + " has no counterpart in Weft");
                }
                continue;
            }
            try {
                String address = Ip.parse(line.name()).toString();
                List<String> names = hosts.computeIfAbsent(address, key -> new ArrayList<>());
                line.arguments().stream()
                        .filter(name -> NAME.matcher(name).matches() && !names.contains(name))
                        .forEach(names::add);
                hosts.values().removeIf(List::isEmpty);
            } catch (IllegalArgumentException e) {
                untaken.add("line " + line.line() + ": " + line.name() + " is no address");
            }
        }
    }
}
