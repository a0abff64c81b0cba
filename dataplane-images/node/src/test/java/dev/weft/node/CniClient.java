package dev.weft.node;

import dev.weft.linux.Fd;
import dev.weft.linux.UnixConnection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Speaks to the agent as the shim does. */
final class CniClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private CniClient() {}

    /** Sends a request about a pod whose namespace is at the path; returns the answer's text. */
    static String call(Path socket, String command, String containerId, Path netns) {
        return call(socket, command, containerId, netns, "default");
    }

    static String call(Path socket, String command, String containerId, Path netns, String namespace) {
        String json = """
                {"command":"%s","containerId":"%s","netns":"%s","ifname":"eth0",\
                "args":"K8S_POD_NAMESPACE=%s;K8S_POD_NAME=%s","path":"/opt/cni/bin",\
                "config":{"cniVersion":"1.1.0","name":"weft","type":"weft"}}""".formatted(command, containerId, netns, namespace, containerId);
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        byte[] message = ByteBuffer.allocate(4 + bytes.length)
                .putInt(bytes.length)
                .put(bytes)
                .array();
        try (UnixConnection connection = UnixConnection.connect(socket);
                Fd fd = Fd.open(netns)) {
            connection.send(message, fd, PATIENCE);
            int length;
            try (UnixConnection.Received header = connection.receiveFully(4, PATIENCE)) {
                length = ByteBuffer.wrap(header.bytes()).getInt();
            }
            try (UnixConnection.Received answer = connection.receiveFully(length, PATIENCE)) {
                return new String(answer.bytes(), StandardCharsets.UTF_8);
            }
        }
    }
}
