package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Certificate;

/** Secrets with certificates of the test's own making. */
final class TestPairs {
    private TestPairs() {}

    static String secret(String name, String host) {
        Certificate pair = SelfSigned.certificate(host);
        return """
                kind: Secret
                type: kubernetes.io/tls
                metadata: {name: %s}
                stringData:
                  tls.crt: |
                %s
                  tls.key: |
                %s
                ---
                """.formatted(name, pair.chain().indent(4), pair.key().indent(4));
    }

    static String authority(String name) {
        return """
                kind: Secret
                metadata: {name: %s}
                stringData:
                  ca.crt: |
                %s
                ---
                """.formatted(name, SelfSigned.certificate("ca").chain().indent(4));
    }
}
