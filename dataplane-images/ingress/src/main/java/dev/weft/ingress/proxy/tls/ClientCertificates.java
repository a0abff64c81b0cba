package dev.weft.ingress.proxy.tls;

import dev.weft.ingress.proxy.http.FieldBlock;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Certificates of clients: how they are asked for, and what backends are told of them. */
final class ClientCertificates {
    private ClientCertificates() {}

    static void ask(SslContextBuilder builder, ClientAuth wanted) throws SSLException {
        switch (wanted.mode()) {
            // Without a certificate a request is answered 400, as by nginx; one that is not good ends the handshake.
            case REQUIRED ->
                builder.clientAuth(io.netty.handler.ssl.ClientAuth.OPTIONAL).trustManager(trust(wanted));
            case HANDSHAKE ->
                builder.clientAuth(io.netty.handler.ssl.ClientAuth.REQUIRE).trustManager(trust(wanted));
            case OPTIONAL ->
                builder.clientAuth(io.netty.handler.ssl.ClientAuth.OPTIONAL).trustManager(trust(wanted));
            case UNVERIFIED ->
                builder.clientAuth(io.netty.handler.ssl.ClientAuth.OPTIONAL)
                        .trustManager(InsecureTrustManagerFactory.INSTANCE);
        }
    }

    private static X509ExtendedTrustManager trust(ClientAuth wanted) throws SSLException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            X509Certificate[] authorities = Pem.certificates(wanted.authorities());
            for (int i = 0; i < authorities.length; i++) {
                store.setCertificateEntry("authority-" + i, authorities[i]);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return new Bounded(found, wanted.depth());
                }
            }
            throw new SSLException("the JDK has no trust manager");
        } catch (GeneralSecurityException | IOException e) {
            throw new SSLException("client authorities cannot be used: " + e.getMessage(), e);
        }
    }

    /** Of the client's certificate (RFC 4514); empty without one. */
    static String subject(SSLEngine engine) {
        try {
            return engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? certificate.getSubjectX500Principal().getName()
                    : "";
        } catch (SSLPeerUnverifiedException e) {
            return "";
        }
    }

    /** What backends are told; null if nothing. */
    static @Nullable FieldBlock told(SSLEngine engine, ClientAuth wanted) {
        Fields fields = new Fields();
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            Certificate shown = chain[0];
            fields.add("ssl-client-verify", verified(chain, wanted));
            if (shown instanceof X509Certificate certificate) {
                fields.add(
                        "ssl-client-subject-dn",
                        certificate.getSubjectX500Principal().getName());
                fields.add(
                        "ssl-client-issuer-dn",
                        certificate.getIssuerX500Principal().getName());
            }
            if (wanted.pass()) {
                fields.add("ssl-client-cert", pem(shown));
            }
        } catch (SSLPeerUnverifiedException e) {
            fields.add("ssl-client-verify", "NONE");
        } catch (CertificateEncodingException e) {
            return null;
        }
        return FieldBlock.of(fields);
    }

    /** As nginx' {@code $ssl_client_verify}. */
    private static String verified(Certificate[] chain, ClientAuth wanted) {
        if (wanted.mode() != ClientAuth.Mode.UNVERIFIED) {
            return "SUCCESS"; // The handshake would have failed.
        }
        try {
            X509Certificate[] shown = Arrays.copyOf(chain, chain.length, X509Certificate[].class);
            trust(wanted).checkClientTrusted(shown, shown[0].getPublicKey().getAlgorithm());
            return "SUCCESS";
        } catch (SSLException | CertificateException | ArrayStoreException e) {
            return "FAILED:certificate is not of a known authority";
        }
    }

    /** As nginx' {@code $ssl_client_escaped_cert}. */
    private static String pem(Certificate certificate) throws CertificateEncodingException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        String pem = "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n";
        return URLEncoder.encode(pem, StandardCharsets.US_ASCII).replace("+", "%20");
    }

    /** Refuses chains that are longer than allowed. */
    private static final class Bounded extends X509ExtendedTrustManager {
        private final X509ExtendedTrustManager trust;
        private final int depth;

        Bounded(X509ExtendedTrustManager trust, int depth) {
            this.trust = trust;
            this.depth = depth;
        }

        private void check(X509Certificate[] chain) throws CertificateException {
            // As OpenSSL counts: intermediates, and the authority if the client sends it.
            if (chain.length - 1 > depth) {
                throw new CertificateException("chain is longer than " + depth);
            }
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            check(chain);
            trust.checkClientTrusted(chain, kind, socket);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            check(chain);
            trust.checkClientTrusted(chain, kind, engine);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            check(chain);
            trust.checkClientTrusted(chain, kind);
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
                throws CertificateException {
            throw new CertificateException("servers are not asked here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("servers are not asked here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
            throw new CertificateException("servers are not asked here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return trust.getAcceptedIssuers();
        }
    }
}
