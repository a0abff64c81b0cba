package dev.weft.ingress.proxy.exchange;

import dev.weft.ingress.route.HostPattern;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds the most specific pattern that fits a host, in time that grows with its labels only. */
public final class HostTable<T> {
    private final Map<String, T> exact = new HashMap<>();
    private final Map<String, T> oneLabel = new HashMap<>();
    private final Map<String, T> labels = new HashMap<>();
    private @Nullable T any;

    /** The first of a pattern counts. */
    public void put(HostPattern pattern, T value) {
        switch (pattern.kind()) {
            case EXACT -> exact.putIfAbsent(pattern.name(), value);
            case ONE_LABEL -> oneLabel.putIfAbsent(pattern.name(), value);
            case LABELS -> labels.putIfAbsent(pattern.name(), value);
            case ANY -> {
                if (any == null) {
                    any = value;
                }
            }
        }
    }

    public boolean isEmpty() {
        return exact.isEmpty() && oneLabel.isEmpty() && labels.isEmpty() && any == null;
    }

    /** @param host lower case, may be empty */
    public @Nullable T find(String host) {
        T found = exact.get(host);
        if (found != null || (oneLabel.isEmpty() && labels.isEmpty())) {
            return found != null ? found : any;
        }
        boolean first = true;
        for (int dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
            if (dot == 0) {
                break;
            }
            String parent = host.substring(dot + 1);
            found = first ? oneLabel.get(parent) : null;
            if (found == null) {
                found = labels.get(parent);
            }
            if (found != null) {
                return found;
            }
            first = false;
        }
        return any;
    }
}
