package dev.weft.e2e.faults;

import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import java.time.Duration;

/** The process of a node's agent, from outside of its pod. */
final class Agents {
    /** Kills it, and waits on the node itself until its successor answers: no API server is needed for it. */
    private static final String KILL = """
            pid=$(pgrep -o -f '[@]/app/weft-node agent') || exit 7
            kill -9 "$pid"
            start=$(date +%s%N)
            tries=0
            until [ "$(curl -s -o /dev/null -m 2 -w '%{http_code}' http://127.0.0.1:9470/readyz)" = 200 ]; do
              tries=$((tries + 1))
              [ $tries -lt 2000 ] || exit 8
              sleep 0.05
            done
            echo $((($(date +%s%N) - start) / 1000000))
            """;

    private Agents() {}

    /** Ends the agent with signal 9; returns the time until there is one again that is ready. */
    static Duration kill(Node node) {
        String millis = node.exec("bash", "-c", KILL).strip();
        try {
            return Duration.ofMillis(Long.parseLong(millis));
        } catch (NumberFormatException e) {
            throw new LabException("no agent came back on " + node.name() + ": " + millis, e);
        }
    }
}
