package dev.weft.ingress.proxy.tls;

import dev.weft.ingress.proxy.exchange.HostTable;
import dev.weft.ingress.route.Certificate;
import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HostPattern.Kind;
import dev.weft.ingress.route.TlsTermination;
import dev.weft.ingress.route.TlsTermination.ClientAuth;
import dev.weft.ingress.route.TlsTermination.Version;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** How TLS ends, ready to be used. A context is made when a client wants its certificate first. */
public final class Termination {
    private final TlsTermination source;
    private final HostTable<Certificate> byName = new HostTable<>();
    private final @Nullable Certificate first;
    private final List<String> problems = new ArrayList<>();
    private final Map<Certificate, SslContext> contexts = new ConcurrentHashMap<>();

    Termination(TlsTermination source) {
        this.source = source;
        Certificate usable = null;
        for (Certificate certificate : source.certificates()) {
            try {
                List<String> names = ServerNames.of(Pem.certificates(certificate.chain())[0]);
                names.forEach(name -> byName.put(HostPattern.of(name, Kind.ONE_LABEL), certificate));
                usable = usable == null ? certificate : usable;
            } catch (IllegalArgumentException e) {
                problems.add("certificate " + certificate.name() + ": " + e.getMessage());
            }
        }
        this.first = usable;
        if (usable != null) {
            try {
                // Now rather than at the first handshake, so that a key that does not fit is told of.
                contexts.put(usable, make(usable));
            } catch (SSLException | IllegalArgumentException e) {
                problems.add("certificate " + usable.name() + ": " + e.getMessage());
            }
        }
    }

    /** What cannot be used, for users. */
    List<String> problems() {
        return problems;
    }

    public Optional<ClientAuth> clients() {
        return source.clients();
    }

    /**
     * The context for a server name.
     *
     * @param name lower case; empty if the client sent none
     * @throws SSLException if there is no certificate that can be used
     */
    public SslContext context(String name) throws SSLException {
        Certificate fitting = byName.find(name);
        Certificate shown = fitting == null ? first : fitting;
        if (shown == null) {
            throw new SSLException("no certificate that can be used");
        }
        SslContext known = contexts.get(shown);
        if (known != null) {
            return known;
        }
        try {
            SslContext made = make(shown);
            SslContext other = contexts.putIfAbsent(shown, made);
            return other == null ? made : other;
        } catch (IllegalArgumentException e) {
            throw new SSLException("certificate " + shown.name() + ": " + e.getMessage(), e);
        }
    }

    private SslContext make(Certificate certificate) throws SSLException {
        SslContextBuilder builder = SslContextBuilder.forServer(
                        Pem.stream(certificate.chain()), PrivateKeys.pkcs8(certificate.key()))
                .sslProvider(SslProvider.OPENSSL)
                .protocols(source.oldest() == Version.TLS_1_3 ? List.of("TLSv1.3") : List.of("TLSv1.3", "TLSv1.2"))
                .ciphers(Ciphers.SERVER)
                .applicationProtocolConfig(new ApplicationProtocolConfig(
                        Protocol.ALPN,
                        SelectorFailureBehavior.NO_ADVERTISE,
                        SelectedListenerFailureBehavior.ACCEPT,
                        source.http2()
                                ? List.of(ApplicationProtocolNames.HTTP_2, ApplicationProtocolNames.HTTP_1_1)
                                : List.of(ApplicationProtocolNames.HTTP_1_1)));
        if (source.clients().isPresent()) {
            ClientCertificates.ask(builder, source.clients().get());
        }
        return builder.build();
    }
}
