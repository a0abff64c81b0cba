package dev.weft.node;

import java.nio.charset.StandardCharsets;

/**
 * The network configuration that makes the runtime call the shim. Its presence is what makes a node ready for pods, so it
 * is written last, and stays while the agent is away.
 */
final class Conflist {
    /** CNI specification 1.1, "Network configuration"; {@code cniVersion} 1.0.0 for runtimes that know no list. */
    private static final String TEXT = """
            {
              "cniVersion": "1.0.0",
              "cniVersions": ["1.0.0", "1.1.0"],
              "name": "weft",
              "plugins": [
                {
                  "type": "weft",
                  "capabilities": {"portMappings": true, "bandwidth": true}
                }
              ]
            }
            """;

    private Conflist() {}

    static byte[] bytes() {
        return TEXT.getBytes(StandardCharsets.UTF_8);
    }
}
