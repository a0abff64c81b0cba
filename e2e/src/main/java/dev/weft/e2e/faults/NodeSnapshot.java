package dev.weft.e2e.faults;

import dev.weft.e2e.lab.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * What a network leaves on a node: links, addresses, routes, rules, permanent neighbours and forwarding entries, nftables,
 * namespaces, files and sysctls. One list of lines a section, sorted, without what changes by itself.
 */
record NodeSnapshot(Map<String, List<String>> sections) {
    /** Sections that hold what a fault of the control plane must not touch. */
    static final Set<String> DATA_PATH = Set.of("links", "addresses", "routes", "neighbours", "fdb", "nftables");

    private static final String MARK = "## ";

    /** Each command's output is one section. Empty folders do not count: those of mounts stay. */
    private static final String SCRIPT = """
            section() { echo "## $1"; shift; "$@" 2> /dev/null; }
            section links ip -d -o link show
            section addresses ip -o address show
            section routes sh -c 'ip -4 route show table all; ip -6 route show table all'
            section rules sh -c 'ip -4 rule show; ip -6 rule show'
            section neighbours sh -c 'ip neighbour show nud permanent; ip neighbour show proxy'
            section fdb bridge fdb show
            section nftables nft list ruleset
            section namespaces find /run/netns -type f
            section files find /etc/cni/net.d /opt/cni/bin /var/lib/weft /run/weft ! -type d -printf '%p %y %m\\n'
            section sysctls sh -c "sysctl -a | grep -E '^net[.]ipv[46]'"
            """;

    NodeSnapshot {
        sections = Map.copyOf(sections);
    }

    static NodeSnapshot of(Node node) {
        Map<String, List<String>> sections = new LinkedHashMap<>();
        List<String> lines = new ArrayList<>();
        for (String line : node.exec("sh", "-c", SCRIPT).lines().toList()) {
            if (line.startsWith(MARK)) {
                lines = new ArrayList<>();
                sections.put(line.substring(MARK.length()), lines);
            } else {
                lines.addAll(normalized(line));
            }
        }
        sections.values().forEach(section -> section.sort(null));
        return new NodeSnapshot(sections);
    }

    /** The sections with these names. */
    NodeSnapshot only(Set<String> names) {
        return filtered((section, line) -> names.contains(section));
    }

    /** What is the network's own: its links and their forwarding, its routes by their protocol, nftables and leases. */
    NodeSnapshot ofPods() {
        return filtered((section, line) -> switch (section) {
            case "links", "addresses", "neighbours", "fdb" -> line.contains("weft");
            case "routes" -> line.contains("proto 87");
            case "nftables" -> true;
            case "files" -> line.contains("/leases/");
            default -> false;
        });
    }

    /** What is here and not there, with a plus, and the other way round, with a minus; empty when they are the same. */
    List<String> changesSince(NodeSnapshot before) {
        List<String> changes = new ArrayList<>();
        sections.forEach((section, lines) -> {
            List<String> then = before.sections.getOrDefault(section, List.of());
            without(lines, then).forEach(line -> changes.add("+ " + section + ": " + line));
            without(then, lines).forEach(line -> changes.add("- " + section + ": " + line));
        });
        changes.sort(null);
        return changes;
    }

    int lines() {
        return sections.values().stream().mapToInt(List::size).sum();
    }

    private NodeSnapshot filtered(BiPredicate<String, String> kept) {
        Map<String, List<String>> some = new LinkedHashMap<>();
        sections.forEach((section, lines) -> some.put(
                section, lines.stream().filter(line -> kept.test(section, line)).toList()));
        return new NodeSnapshot(some);
    }

    /** Removes indexes and what counts or expires; sets and maps become one line an element, as their order means nothing. */
    private static List<String> normalized(String line) {
        String lasting = line.replaceAll("expires \\d+\\w*", "")
                .replaceAll("\\b(packets|bytes) \\d+", "$1 N")
                .replaceAll("hoplimit \\d+ ", "")
                .replaceAll("^\\d+: ", "")
                .replaceAll("\\s+", " ")
                .strip();
        if (lasting.isEmpty() || lasting.startsWith("net.ipv4.tcp_fastopen_key")) {
            return List.of();
        }
        return Arrays.stream(lasting.split(", "))
                .map(element -> element.replaceAll(",$", ""))
                .toList();
    }

    private static List<String> without(List<String> lines, List<String> others) {
        List<String> left = new ArrayList<>(lines);
        others.forEach(left::remove);
        return left;
    }
}
