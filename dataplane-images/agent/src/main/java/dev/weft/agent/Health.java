package dev.weft.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The checks behind {@code /healthz} and {@code /readyz}.
 *
 * <p>Liveness asks only what a restart would mend: a thread that hangs. An API server that is away, or a kernel that
 * refuses, belongs to readiness.
 */
public final class Health {
    private final Map<String, Supplier<Check>> liveness = new LinkedHashMap<>();
    private final Map<String, Supplier<Check>> readiness = new LinkedHashMap<>();

    /** Adds a check; it must answer at once. */
    public synchronized Health live(String name, Supplier<Check> check) {
        liveness.put(name, check);
        return this;
    }

    /** Adds a check; it must answer at once. */
    public synchronized Health ready(String name, Supplier<Check> check) {
        readiness.put(name, check);
        return this;
    }

    /** All liveness checks as one; the message has a line for each. */
    public Check liveness() {
        return all(liveness);
    }

    /** All readiness checks as one; the message has a line for each. */
    public Check readiness() {
        return all(readiness);
    }

    private Check all(Map<String, Supplier<Check>> checks) {
        Map<String, Supplier<Check>> now;
        synchronized (this) {
            now = new LinkedHashMap<>(checks);
        }
        boolean ok = true;
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, Supplier<Check>> entry : now.entrySet()) {
            Check check = ask(entry.getValue());
            ok &= check.ok();
            String line = (check.ok() ? "ok   " : "FAIL ") + entry.getKey();
            lines.add(check.message().isEmpty() ? line : line + ": " + check.message());
        }
        return new Check(ok, String.join("\n", lines));
    }

    private static Check ask(Supplier<Check> check) {
        try {
            return check.get();
        } catch (RuntimeException e) {
            return Check.bad("the check failed: " + e);
        }
    }
}
