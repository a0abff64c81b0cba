package dev.weft.node;

import dev.weft.cni.pod.PodLinks;
import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.XTables;
import dev.weft.net.Family;
import dev.weft.nftables.NftablesKernel;
import dev.weft.nftables.Table;
import dev.weft.nftables.TableFamily;
import dev.weft.nftables.Transaction;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What kube-proxy has in this node's kernel, or has left there: it removes nothing when it ends. One thread at a time.
 *
 * <p>Virtual servers of IPVS are not looked at. Once Weft's rules are in force no packet to a Service gets as far as them.
 */
final class KubeProxyRules implements AutoCloseable {
    static final String NFTABLES = "nftables";
    static final String IPTABLES = "iptables";
    static final String IPVS = "ipvs";

    /** kubernetes, pkg/proxy/nftables/proxier.go: kubeProxyTable. */
    private static final List<Table> TABLES = List.of(Table.ip("kube-proxy"), Table.ip6("kube-proxy"));

    /** kubernetes, pkg/proxy/ipvs/proxier.go: defaultDummyDevice. It holds all addresses of Services. */
    private static final String IPVS_DEVICE = "kube-ipvs0";

    /** By this one it is known; both iptables and ipvs mode have it. */
    private static final String SERVICES = "KUBE-SERVICES";

    private static final List<String> IPTABLES_TABLES = List.of("nat", "filter", "mangle");

    /**
     * kubernetes, pkg/proxy/iptables/proxier.go and pkg/proxy/ipvs/proxier.go. By name, because the kubelet
     * (KUBE-FIREWALL, KUBE-KUBELET-CANARY, KUBE-IPTABLES-HINT) and kube-router (KUBE-ROUTER-, KUBE-NWPLCY-) have chains
     * that begin alike.
     */
    private static final Set<String> CHAINS = Set.of(
            SERVICES,
            "KUBE-EXTERNAL-SERVICES",
            "KUBE-NODEPORTS",
            "KUBE-POSTROUTING",
            "KUBE-MARK-MASQ",
            "KUBE-FORWARD",
            "KUBE-PROXY-FIREWALL",
            "KUBE-PROXY-CANARY",
            "KUBE-LOAD-BALANCER",
            "KUBE-NODE-PORT",
            "KUBE-SOURCE-RANGES-FIREWALL",
            "KUBE-IPVS-FILTER",
            "KUBE-IPVS-OUT-FILTER");

    private static final List<String> CHAIN_PREFIXES =
            List.of("KUBE-SVC-", "KUBE-SVL-", "KUBE-SEP-", "KUBE-EXT-", "KUBE-XLB-", "KUBE-FW-");

    private final NftablesKernel nftables;

    /** Rules of an iptables that is not nftables within. */
    private final Map<Family, XTables> legacy;

    private KubeProxyRules(NftablesKernel nftables, Map<Family, XTables> legacy) {
        this.nftables = nftables;
        this.legacy = legacy;
    }

    /** In the calling thread's network namespace, where it is to be used. */
    static KubeProxyRules open() {
        Map<Family, XTables> legacy = new EnumMap<>(Family.class);
        for (Family family : Family.values()) {
            try {
                legacy.put(family, XTables.open(family));
            } catch (LinuxException e) {
                if (e.errno() != Errno.EAFNOSUPPORT) {
                    throw e;
                }
            }
        }
        return new KubeProxyRules(NftablesKernel.open(), legacy);
    }

    /** Which of its modes there are rules of; a handful of questions, whatever their number. */
    List<String> found() {
        List<String> modes = new ArrayList<>();
        if (TABLES.stream().anyMatch(nftables::exists)) {
            modes.add(NFTABLES);
        }
        if (Stream.of(TableFamily.IP, TableFamily.IP6)
                        .anyMatch(family -> nftables.exists(new Table(family, "nat"), SERVICES))
                || legacy.values().stream().anyMatch(tables -> tables.has("nat", Set.of(SERVICES)))) {
            modes.add(IPTABLES);
        }
        if (hasIpvsDevice()) {
            modes.add(IPVS);
        }
        return modes;
    }

    /**
     * Removes them, and nothing of others; for a node that kube-proxy has left.
     *
     * @return what was removed, for people
     */
    List<String> remove() {
        List<String> removed = new ArrayList<>();
        for (Table table : TABLES) {
            if (nftables.exists(table)) {
                nftables.commit(Transaction.delete(table));
                removed.add("table " + table);
            }
        }
        for (TableFamily family : List.of(TableFamily.IP, TableFamily.IP6)) {
            for (String name : IPTABLES_TABLES) {
                Transaction removal = nftables.removal(new Table(family, name), KubeProxyRules::isChain);
                nftables.commit(removal);
                if (!removal.isEmpty()) {
                    removed.add("chains KUBE-* of table " + removal.table());
                }
            }
        }
        legacy.forEach((family, tables) -> {
            for (String name : IPTABLES_TABLES) {
                if (tables.remove(name, KubeProxyRules::isChain)) {
                    removed.add("chains KUBE-* of iptables-legacy's table " + name + ", " + family);
                }
            }
        });
        if (hasIpvsDevice()) {
            try (PodLinks links = PodLinks.open()) {
                links.delete(IPVS_DEVICE);
            }
            removed.add("link " + IPVS_DEVICE);
        }
        return removed;
    }

    static boolean isChain(String name) {
        return CHAINS.contains(name) || CHAIN_PREFIXES.stream().anyMatch(name::startsWith);
    }

    private static boolean hasIpvsDevice() {
        try {
            return NetworkInterface.getByName(IPVS_DEVICE) != null;
        } catch (SocketException e) {
            return false;
        }
    }

    @Override
    public void close() {
        legacy.values().forEach(XTables::close);
        nftables.close();
    }
}
