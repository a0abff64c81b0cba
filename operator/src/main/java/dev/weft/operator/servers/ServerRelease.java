package dev.weft.operator.servers;

import java.net.URI;
import java.util.List;

/**
 * What servers are to run.
 *
 * @param registry in front of the image's name
 * @param version its tag
 * @param apiServers what the servers watch
 */
public record ServerRelease(String registry, String version, List<URI> apiServers) {
    public ServerRelease {
        apiServers = List.copyOf(apiServers);
    }

    /** Full reference of the image of this name. */
    public String image(String name) {
        return registry + "/" + name + ":" + version;
    }
}
