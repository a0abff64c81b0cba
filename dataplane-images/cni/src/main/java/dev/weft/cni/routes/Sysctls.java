package dev.weft.cni.routes;

import dev.weft.linux.Errno;
import dev.weft.linux.LinuxException;
import dev.weft.linux.Netns;
import dev.weft.linux.Sysctl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Settings below {@code /proc/sys/net} of one network namespace. What is changed through here is first saved, so that
 * {@link #restore} finds the node as it was.
 */
public final class Sysctls {
    private static final Path ROOT = Path.of("/proc/sys");

    private final Netns netns;
    private final SavedSysctls saved;

    public Sysctls(Netns netns, SavedSysctls saved) {
        this.netns = netns;
        this.saved = saved;
    }

    /** The values of those that exist. */
    public Map<String, String> read(Collection<String> paths) {
        return paths.isEmpty() ? Map.of() : netns.call(() -> readHere(paths));
    }

    /** Whether its value of before is saved, that is, whether it was changed. */
    public boolean isChanged(String path) {
        return saved.values().containsKey(path);
    }

    /**
     * Sets one, its old value saved first.
     *
     * @throws LinuxException if it does not exist or the kernel refuses the value
     * @throws IOException if the old value cannot be saved; the sysctl is not touched then
     */
    public void write(String path, String value) throws IOException {
        netns.<String, IOException>call(() -> {
            List<String> touched = new ArrayList<>(List.of(path));
            touched.addAll(sideEffects(path));
            saved.remember(readHere(touched));
            Sysctl.write(path, value);
            return value;
        });
    }

    /**
     * Puts back the values of before the first change and forgets them; those whose interface is gone are left out.
     *
     * @return what was put back, as {@code path = value}
     */
    public List<String> restore() throws IOException {
        List<String> done = restore(path -> true);
        saved.forget();
        return done;
    }

    /** As {@link #restore()}, but only these. */
    public List<String> restore(Collection<String> paths) throws IOException {
        List<String> done = restore(paths::contains);
        saved.forget(paths);
        return done;
    }

    private List<String> restore(Predicate<String> wanted) {
        return netns.call(() -> {
            List<String> restored = new ArrayList<>();
            for (Map.Entry<String, String> old : saved.values().entrySet()) {
                Optional<String> now = wanted.test(old.getKey()) ? value(old.getKey()) : Optional.empty();
                if (now.isPresent() && !now.get().equals(old.getValue())) {
                    Sysctl.write(old.getKey(), old.getValue());
                    restored.add(old.getKey() + " = " + old.getValue());
                }
            }
            return restored;
        });
    }

    /** What else the kernel changes with it: see {@code inet_forward_change} and {@code addrconf_forward_change}. */
    private static List<String> sideEffects(String path) throws IOException {
        return switch (path) {
            case "net/ipv4/ip_forward" ->
                Stream.concat(
                                Stream.of("net/ipv4/conf/all/accept_redirects"),
                                ofInterfaces("net/ipv4/conf", "forwarding").stream())
                        .toList();
            case "net/ipv6/conf/all/forwarding" -> ofInterfaces("net/ipv6/conf", "forwarding");
            default -> List.of();
        };
    }

    private static List<String> ofInterfaces(String folder, String name) throws IOException {
        try (Stream<Path> interfaces = Files.list(ROOT.resolve(folder))) {
            return interfaces
                    .map(path -> folder + "/" + path.getFileName() + "/" + name)
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> readHere(Collection<String> paths) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String path : paths) {
            value(path).ifPresent(value -> values.put(path, value));
        }
        return values;
    }

    private static Optional<String> value(String path) {
        try {
            return Optional.of(Sysctl.read(path));
        } catch (LinuxException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
