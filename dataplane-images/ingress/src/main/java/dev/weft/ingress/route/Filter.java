package dev.weft.ingress.route;

import dev.weft.net.Cidr;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

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

    /**
     * Answers with a redirect to a place that does not depend on the request.
     *
     * @param location as it stands in the field
     */
    record RedirectTo(String location, int status) implements Filter {}

    /**
     * Sends requests that came without TLS to the same place with it; those of which a trusted proxy says that they came over
     * TLS ({@code X-Forwarded-Proto: https}) pass.
     *
     * @param port of the new place; 443 is left out
     */
    record ToHttps(int status, int port) implements Filter {}

    /** Changes what the backend is asked. */
    record Rewrite(Optional<String> host, Optional<PathRewrite> path) implements Filter {}

    /**
     * Sends copies; answers to them are dropped.
     *
     * @param numerator of denominator requests are copied
     * @param host of the copies; as the request's if empty
     */
    record Mirror(UpstreamId upstream, int numerator, int denominator, Optional<String> host) implements Filter {
        public Mirror(UpstreamId upstream, int numerator, int denominator) {
            this(upstream, numerator, denominator, Optional.empty());
        }
    }

    /**
     * Cross-origin resource sharing (Fetch standard).
     *
     * @param origins with {@code *} for any part, such as {@code https://*.example.org}
     * @param oneLabel whether the part is one label of a host name
     */
    record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            List<String> exposed,
            boolean credentials,
            Duration maxAge,
            boolean oneLabel)
            implements Filter {
        public Cors(
                List<String> origins,
                List<String> methods,
                List<String> headers,
                List<String> exposed,
                boolean credentials,
                Duration maxAge) {
            this(origins, methods, headers, exposed, credentials, maxAge, false);
        }

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
     * At most so many requests of one client address, as {@code limit_req} with {@code nodelay}: a bucket that holds {@code 1 +
     * burst} and is filled at the rate {@code requests} / {@code per}.
     *
     * @param zone filters of the same name count together, also after a change of what is served
     * @param requests within {@code per}
     * @param burst above it, at once
     * @param status of the refusal, 429 or 503
     * @param except client addresses that are not counted
     */
    record RateLimit(String zone, int requests, Duration per, int burst, int status, List<Cidr> except)
            implements Filter {
        public RateLimit {
            except = List.copyOf(except);
        }
    }

    /**
     * At most so many requests of one client address at one time.
     *
     * @param zone filters of the same name count together, also after a change of what is served
     */
    record ConcurrencyLimit(String zone, int requests, int status, List<Cidr> except) implements Filter {
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
     * Asks somebody else first: 2xx lets the request pass, 401 and 403 are answered to the client, all else is 500. Texts may
     * hold variables of nginx: {@code $scheme}, {@code $host}, {@code $http_host}, {@code $request_uri}, {@code
     * $escaped_request_uri}, {@code $request_method}, {@code $remote_addr}, {@code $http_NAME}, {@code $arg_NAME}, {@code
     * $cookie_NAME}, also as <code>${name}</code>; one that is not known is empty.
     *
     * @param upstream whom
     * @param host of the request
     * @param path and query of the request, with variables
     * @param method GET if empty
     * @param signin where to send clients that are refused with 401, with variables: the whole of the {@code Location}, status
     *     302
     * @param responseHeaders lower case, copied from the answer to the request
     * @param requestHeaders lower case, copied from the request; all but those of a body and a connection if empty
     * @param headers set in the question besides, with variables
     * @param alwaysSetCookie whether cookies that are set by the answer are passed to the client whatever it is answered;
     *     otherwise with 200, 201, 204, 206, 301, 302, 303, 304, 307 and 308 alone
     */
    record ExternalAuth(
            UpstreamId upstream,
            String host,
            String path,
            Optional<String> method,
            Optional<String> signin,
            Set<String> responseHeaders,
            Set<String> requestHeaders,
            List<HeaderEdits.Field> headers,
            boolean alwaysSetCookie)
            implements Filter {
        public ExternalAuth {
            responseHeaders = Set.copyOf(responseHeaders);
            requestHeaders = Set.copyOf(requestHeaders);
            headers = List.copyOf(headers);
        }

        public ExternalAuth(
                UpstreamId upstream,
                String host,
                String path,
                Optional<String> method,
                Optional<String> signin,
                Set<String> responseHeaders,
                Set<String> requestHeaders) {
            this(upstream, host, path, method, signin, responseHeaders, requestHeaders, List.of(), true);
        }
    }

    /** Refuses with 403 whoever shows no certificate whose subject (RFC 4514, as {@code CN=a,O=b}) holds the expression. */
    record ClientSubject(Pattern pattern) implements Filter {
        @Override
        public boolean equals(Object other) {
            return other instanceof ClientSubject(Pattern that)
                    && pattern.pattern().equals(that.pattern());
        }

        @Override
        public int hashCode() {
            return pattern.pattern().hashCode();
        }
    }

    /** Sets a field of the request to what an expression makes of the path that was asked for; see {@link PathRewrite.Regex}. */
    record PathHeader(String name, PathRewrite.Regex value) implements Filter {}

    /**
     * Puts another's answer in the place of some: the upstream is asked {@code GET /} with the fields of the request and what is
     * said here, and its answer passed on as it is.
     *
     * @param codes of answers that are replaced, the backend's and the proxy's own: a connection that could not be made is 502,
     *     a time-out 504, and 503 that there was nobody to ask
     * @param whenNobody whether the upstream is asked all of what the client asked if there is nobody else
     * @param headers set in the question besides {@code X-Code}, {@code X-Format} (the request's {@code Accept}) and {@code
     *     X-Original-URI}
     */
    record ErrorPages(UpstreamId upstream, Set<Integer> codes, boolean whenNobody, List<HeaderEdits.Field> headers)
            implements Filter {
        public ErrorPages {
            codes = Set.copyOf(codes);
            headers = List.copyOf(headers);
        }

        /** With further headers. */
        public ErrorPages telling(List<HeaderEdits.Field> more) {
            List<HeaderEdits.Field> all = new ArrayList<>(headers);
            all.addAll(more);
            return new ErrorPages(upstream, codes, whenNobody, all);
        }
    }

    /** Leaves the request out of the access log. */
    record NoAccessLog() implements Filter {}
}
