package dev.weft.e2e.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.e2e.lab.LabException;
import dev.weft.e2e.lab.Node;
import java.time.Duration;
import java.util.List;

/** Requests from a node, each on a connection of its own, one after the other. */
record HttpRequests(Node from, String address, int port, String host) {
    /** Before and after what is done, so that a gap shows. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    /** Address, port, host. Ends at SIGTERM with a line of JSON. */
    private static final String SCRIPT = """
            ok=0; bad=0; last=""
            trap 'echo "{\\"asked\\":$((ok + bad)),\\"failed\\":$bad,\\"last\\":\\"$last\\"}"; exit 0' TERM
            while :; do
              line=""
              if exec 3<>"/dev/tcp/$1/$2" \\
                  && printf 'GET /hostname HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' "$3" >&3 \\
                  && read -t 5 -r line <&3 && [[ $line == *" 200 "* ]]; then
                ok=$((ok + 1))
              else
                bad=$((bad + 1)); last="${line//[^A-Za-z0-9 .]/} after $ok"
              fi
              exec 3>&-
              sleep 0.02
            done 2>/dev/null
            """;

    /** The status line of one request, or why there is none. */
    String once() {
        return from.exec("bash", "-c", """
                exec 3<>"/dev/tcp/$1/$2" || exit 0
                printf 'GET /hostname HTTP/1.1\\r\\nHost: %s\\r\\nConnection: close\\r\\n\\r\\n' "$3" >&3
                read -t 5 -r line <&3; echo "$line"
                """, "once", address, String.valueOf(port), host);
    }

    /** Asks while something is done; nothing may fail. */
    void during(String what, Scene scene, Findings findings, Runnable work) {
        scene.step("  " + what);
        Background requests = Background.start(
                "requests", from, List.of("bash", "-c", SCRIPT, "requests", address, String.valueOf(port), host));
        ApiServerAway.rest(MARGIN);
        try {
            findings.millis(what + ": took", Scene.timed(work));
        } catch (LabException e) {
            findings.failed(what + ": " + e.getMessage());
        }
        ApiServerAway.rest(MARGIN);
        JsonNode seen = requests.stop();
        findings.figure(what + ": requests", seen.path("asked").asInt(), "");
        findings.expect(what + ": requests are asked", seen.path("asked").asInt() > 10, seen.toString());
        findings.expect(what + ": no request fails", seen.path("failed").asInt() == 0, seen.toString());
    }
}
