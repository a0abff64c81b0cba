package dev.weft.cni.routes;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The values that sysctls had before Weft changed them, in a file that outlives the process. The first value saved stays:
 * later ones are ours.
 */
public final class SavedSysctls {
    private final Path file;
    private final Map<String, String> values;

    private SavedSysctls(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * Reads the file, if there is one.
     *
     * @throws IOException if it cannot be read; changing sysctls without knowing what they were would lose it for good
     */
    public static SavedSysctls open(Path file) throws IOException {
        Map<String, String> values = new LinkedHashMap<>();
        if (Files.exists(file)) {
            Map<String, Object> root = JSON.std.mapFrom(Files.readString(file));
            if (!(root.get("sysctls") instanceof Map<?, ?> sysctls)) {
                throw new IOException(file + " has no field sysctls: it is not what Weft wrote");
            }
            sysctls.forEach((path, value) -> values.put(String.valueOf(path), String.valueOf(value)));
        }
        return new SavedSysctls(file, values);
    }

    /** Old values by path, in the order in which they were saved. */
    synchronized Map<String, String> values() {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Saves values, on disk when this returns. Those that have one already keep it. */
    synchronized void remember(Map<String, String> current) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(values);
        current.forEach(all::putIfAbsent);
        save(all);
    }

    /** Drops single ones, which were put back. */
    synchronized void forget(Collection<String> paths) throws IOException {
        Map<String, String> all = new LinkedHashMap<>(values);
        all.keySet().removeAll(paths);
        save(all);
    }

    private void save(Map<String, String> all) throws IOException {
        if (all.equals(values)) {
            return;
        }
        Files.createDirectories(file.toAbsolutePath().getParent());
        Path next = file.resolveSibling(file.getFileName() + ".tmp");
        Files.writeString(next, JSON.std.asString(Map.of("sysctls", all)));
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        values.clear();
        values.putAll(all);
    }

    synchronized void forget() throws IOException {
        Files.deleteIfExists(file);
        values.clear();
    }
}
