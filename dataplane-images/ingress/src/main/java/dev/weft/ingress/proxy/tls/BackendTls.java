package dev.weft.ingress.proxy.tls;

import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.UpstreamTls;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** TLS to the endpoints of one upstream. Contexts are made when they are needed first. */
public final class BackendTls {
    /** Kinds of subject alternative names (RFC 5280, 4.2.1.6), as {@link X509Certificate} numbers them. */
    private static final int DNS = 2;

    private static final int URI = 6;
    private static final int ADDRESS = 7;

    private final UpstreamTls source;
    private volatile @Nullable SslContext context;

    public BackendTls(UpstreamTls source) {
        this.source = source;
    }

    /** @throws SSLException if the certificates that it is made of cannot be read */
    public SslHandler handler(ByteBufAllocator allocator, boolean http2) throws SSLException {
        SslContext made = context;
        if (made == null) {
            made = make(http2);
            context = made;
        }
        return source.serverName().isEmpty()
                ? made.newHandler(allocator)
                : made.newHandler(allocator, source.serverName(), -1);
    }

    private SslContext make(boolean http2) throws SSLException {
        // Names are compared here: those of a BackendTLSPolicy may be others than the one that is sent, and URIs too.
        SslContextBuilder builder = SslContextBuilder.forClient()
                .sslProvider(SslProvider.OPENSSL)
                .protocols("TLSv1.3", "TLSv1.2")
                .endpointIdentificationAlgorithm("");
        try {
            if (!source.verify()) {
                builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
            } else if (!source.authorities().isEmpty()) {
                builder.trustManager(Pem.certificates(source.authorities()));
            }
            if (source.client().isPresent()) {
                Certificate client = source.client().get();
                builder.keyManager(Pem.stream(client.chain()), PrivateKeys.pkcs8(client.key()));
            }
        } catch (IllegalArgumentException e) {
            throw new SSLException("certificates for " + source.serverName() + " cannot be read", e);
        }
        if (http2) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(
                    Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT, "h2"));
        }
        return builder.build();
    }

    /** What is wrong with a connection whose handshake is done; null if nothing is. */
    public @Nullable String problem(SslHandler handler, boolean http2) {
        if (http2 && !"h2".equals(handler.applicationProtocol())) {
            return "backend does not speak HTTP/2 over TLS";
        }
        if (!source.verify()) {
            return null;
        }
        List<String> wanted =
                source.subjectAltNames().isEmpty() ? List.of(source.serverName()) : source.subjectAltNames();
        try {
            X509Certificate shown =
                    (X509Certificate) handler.engine().getSession().getPeerCertificates()[0];
            for (String name : wanted) {
                if (names(shown, name)) {
                    return null;
                }
            }
            return "backend's certificate is not for " + String.join(", ", wanted);
        } catch (SSLPeerUnverifiedException | CertificateParsingException e) {
            return "backend's certificate cannot be read: " + e.getMessage();
        }
    }

    private static boolean names(X509Certificate certificate, String wanted) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return false;
        }
        boolean uri = wanted.contains("://");
        for (List<?> name : names) {
            int kind = (Integer) name.get(0);
            String text = String.valueOf(name.get(1));
            if ((kind == URI && uri && text.equals(wanted))
                    || (kind == ADDRESS && text.equals(wanted))
                    || (kind == DNS && !uri && ServerNames.fits(text, wanted.toLowerCase(Locale.ROOT)))) {
                return true;
            }
        }
        return false;
    }
}
