package dev.weft.ingress.proxy;

import dev.weft.ingress.route.Certificate;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates: self-signed, each its own authority, and chains. */
public final class Certs {
    private static final String PASSWORD = "changeit";

    private static final Map<String, Certificate> MADE = new HashMap<>();

    private Certs() {}

    /**
     * The same for the same names.
     *
     * @param names such as {@code dns:a.example}
     */
    public static synchronized Certificate make(String name, String... names) throws Exception {
        String key = name + " " + String.join(" ", names);
        Certificate known = MADE.get(key);
        if (known == null) {
            known = generate(name, names);
            MADE.put(key, known);
        }
        return known;
    }

    private static Certificate generate(String name, String... names) throws Exception {
        List<String> extension = names.length > 0 ? List.of("-ext", "san=" + String.join(",", names)) : List.of();
        return generate(List.of(name), extension).getFirst();
    }

    /**
     * An authority, whom it has signed, whom that one has signed, and so on. Each but the authority shows those between
     * itself and the authority as well.
     */
    public static List<Certificate> chain(String... names) throws Exception {
        return generate(List.of(names), List.of());
    }

    private static List<Certificate> generate(List<String> names, List<String> extension) throws Exception {
        Path folder = Files.createTempDirectory("certs");
        Path keys = folder.resolve("keys.p12");
        for (int i = 0; i < names.size(); i++) {
            List<String> more = new ArrayList<>(extension);
            if (i > 0) {
                more.addAll(List.of("-signer", names.get(i - 1)));
            }
            keytool(keys, names.get(i), more);
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Files.delete(keys);
        Files.delete(folder);
        List<Certificate> made = new ArrayList<>();
        StringBuilder chain = new StringBuilder();
        for (String name : names) {
            chain.insert(0, pem("CERTIFICATE", store.getCertificate(name).getEncoded()));
            Key key = store.getKey(name, PASSWORD.toCharArray());
            made.add(new Certificate("ns/" + name, chain.toString(), pem("PRIVATE KEY", key.getEncoded())));
            if (made.size() == 1) {
                chain.setLength(0);
            }
        }
        return made;
    }

    private static void keytool(Path keys, String name, List<String> more) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "bc:c"));
        command.addAll(more);
        command.addAll(List.of("-keystore", keys.toString(), "-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool: " + said);
        }
    }

    private static String pem(String kind, byte[] bytes) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n";
    }

    static X509Certificate read(Certificate certificate) throws GeneralSecurityException {
        return (X509Certificate) certificates(certificate).iterator().next();
    }

    private static Collection<? extends java.security.cert.Certificate> certificates(Certificate certificate)
            throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(
                        new ByteArrayInputStream(certificate.chain().getBytes(StandardCharsets.US_ASCII)));
    }

    /**
     * For clients that look at nothing, or servers.
     *
     * @param own what is shown; null for nothing
     */
    public static SSLContext context(@Nullable Certificate own) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        if (own != null) {
            byte[] key = Base64.getMimeDecoder()
                    .decode(own.key().replaceAll("-----[A-Z ]+-----", "").getBytes(StandardCharsets.US_ASCII));
            store.setKeyEntry(
                    "own",
                    java.security.KeyFactory.getInstance("EC")
                            .generatePrivate(new java.security.spec.PKCS8EncodedKeySpec(key)),
                    PASSWORD.toCharArray(),
                    certificates(own).toArray(java.security.cert.Certificate[]::new));
        }
        managers.init(store, PASSWORD.toCharArray());
        context.init(managers.getKeyManagers(), new TrustManager[] {new Anyone()}, null);
        return context;
    }

    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, java.net.Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, java.net.Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, javax.net.ssl.SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
