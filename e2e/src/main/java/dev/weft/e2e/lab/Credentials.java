package dev.weft.e2e.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/** Bearer tokens for the lab's users and the kubeconfig files that carry them. */
final class Credentials {
    static final String ADMIN = "admin";
    static final String CONTROLLER_MANAGER = "system:kube-controller-manager";
    static final String SCHEDULER = "system:kube-scheduler";
    static final String PROXY = "system:kube-proxy";
    static final String FLANNEL = "flannel";

    private static final int TOKEN_BYTES = 24;

    private final LabPaths paths;

    Credentials(LabPaths paths) {
        this.paths = paths;
    }

    /** Writes the API server's token file, with tokens for all nodes the lab may ever have, and the kubeconfigs. */
    void write(int hostPort) {
        SecureRandom random = new SecureRandom();
        Map<String, String> groups = new LinkedHashMap<>();
        groups.put(ADMIN, "system:masters");
        groups.put(CONTROLLER_MANAGER, "");
        groups.put(SCHEDULER, "");
        groups.put(PROXY, "");
        groups.put(FLANNEL, "");
        IntStream.rangeClosed(1, NodeName.MAX)
                .mapToObj(NodeName::new)
                .forEach(n -> groups.put(user(n), "system:nodes"));
        StringBuilder tokens = new StringBuilder();
        groups.forEach((user, group) -> {
            byte[] bytes = new byte[TOKEN_BYTES];
            random.nextBytes(bytes);
            String token = HexFormat.of().formatHex(bytes);
            tokens.append("%s,%s,%s,%s%n".formatted(token, user, user, group));
            LabPaths.write(paths.kubeconfig(fileName(user)), kubeconfig(Network.API_SERVER_URL, token));
            if (user.equals(ADMIN)) {
                LabPaths.write(paths.kubeconfig(), kubeconfig("https://127.0.0.1:" + hostPort, token));
            }
        });
        LabPaths.write(paths.pki("tokens.csv"), tokens.toString());
    }

    static String user(NodeName node) {
        return "system:node:" + node.value();
    }

    /** The part of the user's name that the file of its kubeconfig is named by. */
    static String fileName(String user) {
        return user.substring(user.lastIndexOf(':') + 1);
    }

    private String kubeconfig(String server, String token) {
        String authority = Base64.getEncoder().encodeToString(bytes());
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: weft-lab
                  cluster: {server: "%s", certificate-authority-data: %s}
                users:
                - name: weft-lab
                  user: {token: %s}
                contexts:
                - name: weft-lab
                  context: {cluster: weft-lab, user: weft-lab}
                current-context: weft-lab
                """.formatted(server, authority, token);
    }

    private byte[] bytes() {
        try {
            return Files.readAllBytes(paths.pki("ca.crt"));
        } catch (IOException e) {
            throw new LabException("the lab's certificate authority is missing", e);
        }
    }
}
