package dev.weft.e2e.bench;

import dev.weft.e2e.lab.Wait;
import dev.weft.e2e.process.Commands;
import dev.weft.e2e.programs.GoModule;
import dev.weft.e2e.programs.ProgramCache;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A real API server with its etcd, and nothing else of a cluster. Who has the token may do all.
 *
 * @param folder takes files
 */
record BenchApiServer(Path folder) {
    static final String URL = "https://" + IngressRoutes.BACKEND + ":6443";

    private static final String TOKEN = "0123456789abcdef";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** A pod's service account: {@code token} and {@code ca.crt}. */
    Path account() {
        return folder.resolve("account");
    }

    Path kubeconfig() {
        return folder.resolve("kubeconfig");
    }

    /**
     * Starts both until the API server is ready.
     *
     * @param start starts a command in the background under a name
     */
    void start(ProgramCache programs, BiConsumer<String, List<String>> start) {
        Path certificate = account().resolve("ca.crt");
        Path key = folder.resolve("api.key");
        try {
            Files.createDirectories(account());
            // Its key signs tokens of service accounts too, which nobody uses.
            SelfSigned.make("bench-api", "IP:" + IngressRoutes.BACKEND, certificate, key);
            Files.writeString(account().resolve("token"), TOKEN);
            Files.writeString(folder.resolve("tokens.csv"), TOKEN + ",bench,bench,system:masters\n");
            // netbench reads kubeconfigs of this form.
            Files.writeString(kubeconfig(), """
                    server: %s
                    certificate-authority-data: %s
                    token: %s
                    """.formatted(URL, WeftObjects.base64(certificate), TOKEN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start.accept(
                "etcd",
                List.of(
                        programs.program(GoModule.ETCD, "etcd").toString(),
                        "--data-dir",
                        folder.resolve("etcd").toString(),
                        "--unsafe-no-fsync"));
        start.accept(
                "kube-apiserver",
                List.of(
                        programs.program(GoModule.KUBERNETES, "kube-apiserver").toString(),
                        "--etcd-servers",
                        "http://127.0.0.1:2379",
                        "--bind-address",
                        IngressRoutes.BACKEND,
                        "--advertise-address",
                        IngressRoutes.BACKEND,
                        "--tls-cert-file",
                        certificate.toString(),
                        "--tls-private-key-file",
                        key.toString(),
                        "--token-auth-file",
                        folder.resolve("tokens.csv").toString(),
                        "--authorization-mode",
                        "RBAC",
                        "--service-account-key-file",
                        certificate.toString(),
                        "--service-account-signing-key-file",
                        key.toString(),
                        "--service-account-issuer",
                        "https://bench.example",
                        "--service-cluster-ip-range",
                        "10.96.0.0/16"));
        List<String> ask = List.of(
                "curl",
                "--silent",
                "--fail",
                "--insecure",
                "--header",
                "Authorization: Bearer " + TOKEN,
                URL + "/readyz");
        Wait.until("the API server to be ready", PATIENCE, Duration.ofMillis(200), () -> {
            Commands.run(IngressBed.NETNS.enter(ask));
            return true;
        });
    }
}
