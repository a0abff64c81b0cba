package dev.weft.ingress.route;

import java.util.List;
import java.util.Optional;

/**
 * A part of a {@link Port.Web}, for some of its hosts.
 *
 * @param name for logs and metrics, such as {@code shop/gateway/https}
 * @param host of the requests and handshakes that are led here
 * @param tls how TLS ends here; empty without TLS, or if it is passed through
 */
public record Listener(String name, HostPattern host, Optional<TlsTermination> tls, Serving serving) {
    /** What a listener does with what is led to it. */
    public sealed interface Serving {
        /**
         * Serves HTTP/1.1 and HTTP/2.
         *
         * @param misdirected whether a request is answered 421 (RFC 9110, 15.5.20) when its host belongs to another listener of
         *     the port than its connection's server name; otherwise it is routed here
         * @param asNginx whether header fields of requests are dropped whose names have something else than letters, digits
         *     and hyphens in them, as nginx does it (others may be told apart only by servers that tell {@code _} from
         *     {@code -}), and backends are told X-Scheme and X-Forwarded-Scheme, as ingress-nginx does it
         */
        record Http(HttpRouter router, boolean misdirected, boolean asNginx) implements Serving {
            /** With all header fields. */
            public Http(HttpRouter router, boolean misdirected) {
                this(router, misdirected, false);
            }
        }

        /** Passes on bytes: of TLS itself if the listener has no {@code tls}, otherwise what is inside. */
        record Streams(List<StreamRule> rules) implements Serving {
            public Streams {
                rules = List.copyOf(rules);
            }
        }
    }

    /** Where connections go whose server name fits; of several the most specific. */
    public record StreamRule(RuleName name, HostPattern host, Target target) {}
}
