package dev.weft.ingress.route;

import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Something done with a request or its answer on the way. */
public sealed interface Filter {
    record RequestHeaders(HeaderEdits edits) implements Filter {}

    record ResponseHeaders(HeaderEdits edits) implements Filter {}

    /**
     * Answers with a redirect.
     *
     * @param scheme as the request's if empty
     * @param host as the request's if empty
     * @param port the scheme's own if empty and a scheme is given, otherwise the listener's
     * @param path as the request's if empty
     * @param keepQuery whether the request's query is appended
     */
    record Redirect(
            Optional<String> scheme,
            Optional<String> host,
            Optional<Integer> port,
            Optional<PathRewrite> path,
            int status,
            boolean keepQuery)
            implements Filter {}

    /** Changes what the backend is asked. */
    record Rewrite(Optional<String> host, Optional<PathRewrite> path) implements Filter {}

    /**
     * Sends copies; answers to them are dropped.
     *
     * @param numerator of denominator requests are copied
     */
    record Mirror(UpstreamId upstream, int numerator, int denominator) implements Filter {}

    /**
     * Cross-origin resource sharing (Fetch standard).
     *
     * @param origins with {@code *} for any part, such as {@code https://*.example.org}
     */
    record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            boolean credentials,
            Duration maxAge)
            implements Filter {
        public Cors {
            origins = List.copyOf(origins);
            methods = List.copyOf(methods);
            headers = List.copyOf(headers);
            exposed = List.copyOf(exposed);
        }
    }

    /** Refuses with 403 who is in {@code deny}, or, if {@code allow} is not empty, not in it. */
    record Sources(List<Cidr> allow, List<Cidr> deny) implements Filter {
        public Sources {
            allow = List.copyOf(allow);
            deny = List.copyOf(deny);
        }
    }

    /**
     * At most so many requests of one client address.
     *
     * @param requests within {@code per}
     * @param burst above it, at once
     * @param status of the refusal, 429 or 503
     * @param except client addresses that are not counted
     */
    record RateLimit(int requests, Duration per, int burst, int status, List<Cidr> except) implements Filter {
        public RateLimit {
            except = List.copyOf(except);
        }
    }

    /** At most so many requests of one client address at one time. */
    record ConcurrencyLimit(int requests, int status, List<Cidr> except) implements Filter {
        public ConcurrencyLimit {
            except = List.copyOf(except);
        }
    }

    /**
     * HTTP basic authentication (RFC 7617).
     *
     * @param users lines of a htpasswd file: {@code user:hash}
     */
    record BasicAuth(String realm, List<String> users) implements Filter {
        public BasicAuth {
            users = List.copyOf(users);
        }

        @Override
        public String toString() {
            return "BasicAuth[realm=" + realm + ", users=" + users.size() + "]";
        }
    }

    /**
     * Asks somebody else first: 2xx lets the request pass, 401 and 403 are answered to the client, all else is 500.
     *
     * @param upstream whom
     * @param host of the request
     * @param path and query of the request, with the variables {@code $host}, {@code $request_uri}, {@code $escaped_request_uri}
     * @param method GET if empty
     * @param signin where to send clients that are refused, with {@code rd=} the address that they asked for
     * @param responseHeaders lower case, copied from the answer to the request
     * @param requestHeaders copied from the request; all if empty
     */
    record ExternalAuth(
            UpstreamId upstream,
            String host,
            String path,
            Optional<String> method,
            Optional<String> signin,
            Set<String> responseHeaders,
            Set<String> requestHeaders)
            implements Filter {
        public ExternalAuth {
            responseHeaders = Set.copyOf(responseHeaders);
            requestHeaders = Set.copyOf(requestHeaders);
        }
    }
}
