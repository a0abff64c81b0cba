package dev.weft.e2e.lab;

import dev.weft.e2e.process.Commands;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.bouncycastle.asn1.x509.GeneralName;

/** etcd, API server, controller manager and scheduler in the control plane's network namespace. */
final class ControlPlane {
    private static final String ETCD_URL = "http://127.0.0.1:2379";
    private static final String ISSUER = "https://kubernetes.default.svc.cluster.local";

    /** What the audit log holds: who wrote what, without bodies. */
    private static final String AUDIT_POLICY = """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
            - {level: None, verbs: [get, list, watch]}
            - {level: Metadata}
            """;

    private final Netns netns;
    private final LabPaths paths;
    private final LabPrograms programs;

    ControlPlane(LabName name, LabPaths paths, LabPrograms programs) {
        this.netns = name.controlPlane();
        this.paths = paths;
        this.programs = programs;
    }

    /** Writes certificates and tokens, and starts what does not need an API server that answers. */
    void start() {
        new Pki(paths, Instant.now())
                .write(Stream.concat(
                                Stream.of(
                                                Network.API_SERVER_IPV4,
                                                Network.API_SERVER_IPV6,
                                                "127.0.0.1",
                                                "10.96.0.1",
                                                "fd00:96::1")
                                        .map(ip -> new GeneralName(GeneralName.iPAddress, ip)),
                                Stream.of(
                                                "kubernetes",
                                                "kubernetes.default",
                                                "kubernetes.default.svc",
                                                "kubernetes.default.svc.cluster.local")
                                        .map(dns -> new GeneralName(GeneralName.dNSName, dns)))
                        .toList());
        int port = freePort();
        new Credentials(paths).write(port);
        LabPaths.write(paths.run().resolve("audit-policy.yaml"), AUDIT_POLICY);
        startProgram(
                "etcd",
                List.of(
                        programs.etcd().resolve("etcd").toString(),
                        "--data-dir",
                        paths.run().resolve("etcd").toString(),
                        "--listen-client-urls",
                        ETCD_URL,
                        "--advertise-client-urls",
                        ETCD_URL,
                        "--listen-peer-urls",
                        "http://127.0.0.1:2380",
                        "--unsafe-no-fsync"));
        startApiServer();
        // The forwarder enters the namespace itself, after it has opened its socket on the host's loopback.
        Commands.background(
                List.of(
                        programs.forward().resolve("forward").toString(),
                        "127.0.0.1:" + port,
                        netns.path().toString(),
                        Network.API_SERVER_IPV4 + ":" + Network.API_SERVER_PORT),
                paths.log("forward"));
    }

    void startApiServer() {
        startProgram(
                "kube-apiserver",
                List.of(
                        programs.kubernetes("kube-apiserver"),
                        "--etcd-servers",
                        ETCD_URL,
                        "--bind-address",
                        "::",
                        "--advertise-address",
                        Network.API_SERVER_IPV4,
                        "--secure-port",
                        String.valueOf(Network.API_SERVER_PORT),
                        "--tls-cert-file",
                        paths.pki("apiserver.crt").toString(),
                        "--tls-private-key-file",
                        paths.pki("apiserver.key").toString(),
                        "--client-ca-file",
                        paths.pki("ca.crt").toString(),
                        "--token-auth-file",
                        paths.pki("tokens.csv").toString(),
                        "--authorization-mode",
                        "Node,RBAC",
                        "--service-account-key-file",
                        paths.pki("service-account.pub").toString(),
                        "--service-account-signing-key-file",
                        paths.pki("service-account.key").toString(),
                        "--service-account-issuer",
                        ISSUER,
                        "--service-cluster-ip-range",
                        Network.SERVICE_CIDRS,
                        "--allow-privileged=true",
                        // Nothing here runs Services in the control plane's namespace, so webhooks are called by
                        // endpoint.
                        "--enable-aggregator-routing=true",
                        "--kubelet-preferred-address-types",
                        "InternalIP",
                        "--kubelet-client-certificate",
                        paths.pki("kubelet-client.crt").toString(),
                        "--kubelet-client-key",
                        paths.pki("kubelet-client.key").toString(),
                        "--audit-policy-file",
                        paths.run().resolve("audit-policy.yaml").toString(),
                        "--audit-log-path",
                        paths.auditLog().toString()));
    }

    /** Ends the API server at once, as a crash does. */
    void stopApiServer() {
        stopProgram("kube-apiserver");
    }

    /** Starts the programs that talk to the API server. */
    void startControllers() {
        startProgram(
                "kube-controller-manager",
                List.of(
                        programs.kubernetes("kube-controller-manager"),
                        "--kubeconfig",
                        paths.kubeconfig(Credentials.fileName(Credentials.CONTROLLER_MANAGER))
                                .toString(),
                        "--service-account-private-key-file",
                        paths.pki("service-account.key").toString(),
                        "--root-ca-file",
                        paths.pki("ca.crt").toString(),
                        "--use-service-account-credentials",
                        // It makes a token for each of its controllers as it starts, which its own limit stretches to 5
                        // s.
                        "--kube-api-qps=500",
                        "--kube-api-burst=1000",
                        "--allocate-node-cidrs",
                        "--cluster-cidr",
                        Network.POD_CIDRS,
                        "--service-cluster-ip-range",
                        Network.SERVICE_CIDRS,
                        "--leader-elect=false",
                        "--cluster-signing-cert-file",
                        paths.pki("ca.crt").toString(),
                        "--cluster-signing-key-file",
                        paths.pki("ca.key").toString()));
        startProgram(
                "kube-scheduler",
                List.of(
                        programs.kubernetes("kube-scheduler"),
                        "--kubeconfig",
                        paths.kubeconfig(Credentials.fileName(Credentials.SCHEDULER))
                                .toString(),
                        "--leader-elect=false"));
    }

    /** Programs of the control plane that should run and do not. */
    List<String> missing() {
        List<String> missing = new ArrayList<>();
        for (String name : List.of("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")) {
            if (!isRunning(name)) {
                missing.add(name);
            }
        }
        return missing;
    }

    private void startProgram(String name, List<String> command) {
        // nsenter and setsid replace themselves by the program, so the id is the program's own.
        Process process = Commands.background(netns.enter(command), paths.log(name));
        LabPaths.write(pidFile(name), String.valueOf(process.pid()));
    }

    private void stopProgram(String name) {
        if (isRunning(name)) {
            ProcessHandle.of(Long.parseLong(LabPaths.read(pidFile(name)))).ifPresent(process -> {
                process.destroyForcibly();
                process.onExit().join();
            });
        }
    }

    private boolean isRunning(String name) {
        // An id may have gone to another process since; only one inside the lab's namespace is ours.
        return Files.exists(pidFile(name)) && netns.processes().contains(Long.parseLong(LabPaths.read(pidFile(name))));
    }

    private Path pidFile(String name) {
        return paths.run().resolve(name + ".pid");
    }

    /** None that the kernel gives to connections by itself: one of those might have it before the forwarder does. */
    private static int freePort() {
        for (int tried = 0; tried < 1000; tried++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            if (isFree(port)) {
                return port;
            }
        }
        throw new LabException("no free port on the host's loopback");
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new LabException("no sockets on the host's loopback", e);
        }
    }
}
