package dev.weft.e2e.bench;

import dev.weft.e2e.process.Commands;
import java.nio.file.Path;
import java.util.List;

/** Certificates that are their own authority. */
public final class SelfSigned {
    private SelfSigned() {}

    /**
     * Makes one of P-256, as most are that are made today, for a month.
     *
     * @param subject its common name
     * @param alternative what it is for, in the words of openssl: {@code DNS:} and a host, or {@code IP:} and an address
     * @param certificate the file that takes it, PEM
     * @param key the file that takes its key, PEM
     */
    public static void make(String subject, String alternative, Path certificate, Path key) {
        Commands.run(List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=" + subject,
                "-addext",
                "subjectAltName=" + alternative,
                "-keyout",
                key.toString(),
                "-out",
                certificate.toString()));
    }
}
