package dev.weft.node;

import dev.weft.agent.Log;
import dev.weft.cni.routes.Sysctls;
import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a service proxy asks of connection tracking, with kube-proxy's defaults (kubernetes, pkg/proxy/apis/config/v1alpha1/
 * defaults.go): long connections may be silent for a day, half closed ones for an hour, and there is room for many. One
 * thread.
 */
final class ConntrackLimits {
    private static final Log LOG = Log.of("service-proxy");
    private static final String ESTABLISHED = "net/netfilter/nf_conntrack_tcp_timeout_established";
    private static final String CLOSE_WAIT = "net/netfilter/nf_conntrack_tcp_timeout_close_wait";
    private static final String MAX = "net/netfilter/nf_conntrack_max";
    private static final Map<String, String> TIMEOUTS = Map.of(ESTABLISHED, "86400", CLOSE_WAIT, "3600");
    private static final List<String> ALL = List.of(ESTABLISHED, CLOSE_WAIT, MAX);
    private static final long MAX_PER_CORE = 32_768;
    private static final long MIN = 131_072;

    private final Sysctls sysctls;
    private final int cores;
    private final Set<String> refused = new HashSet<>();

    /** @param cores of the machine, not of the container */
    ConntrackLimits(Sysctls sysctls, int cores) {
        this.sysctls = sysctls;
        this.cores = cores;
    }

    /** Which of these values are to be changed, and to what; a larger maximum stays. Pure. */
    static Map<String, String> wanted(Map<String, String> now, int cores) {
        Map<String, String> changes = new LinkedHashMap<>();
        for (String path : ALL) {
            String value = now.get(path);
            if (value == null) {
                continue; // the kernel has no connection tracking yet
            }
            String wanted = path.equals(MAX)
                    ? String.valueOf(Math.max(Long.parseLong(value), Math.max(MIN, MAX_PER_CORE * cores)))
                    : TIMEOUTS.getOrDefault(path, value);
            if (!wanted.equals(value)) {
                changes.put(path, wanted);
            }
        }
        return changes;
    }

    /** Sets what is not so. What the kernel refuses is told once: the maximum is the host's, whoever else has namespaces. */
    void ensure() throws IOException {
        for (Map.Entry<String, String> change : wanted(sysctls.read(ALL), cores).entrySet()) {
            try {
                sysctls.write(change.getKey(), change.getValue());
                LOG.info("sysctl set", "sysctl", change.getKey(), "to", change.getValue());
            } catch (LinuxException e) {
                if (e.errno() != Errno.EACCES && e.errno() != Errno.EPERM && e.errno() != Errno.EROFS) {
                    throw e;
                }
                refused.add(change.getKey());
                sysctls.restore(List.of(change.getKey())); // nothing is to be put back
                LOG.info("sysctl stays as it is", "sysctl", change.getKey(), "why", String.valueOf(e.getMessage()));
            }
        }
    }

    /** Puts back what was changed here. */
    List<String> restore() throws IOException {
        return sysctls.restore(ALL);
    }
}
