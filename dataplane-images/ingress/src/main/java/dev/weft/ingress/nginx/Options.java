package dev.weft.ingress.nginx;

import dev.weft.ingress.route.Affinity;
import dev.weft.ingress.route.BodyLimits;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.Retry;
import dev.weft.ingress.route.Timeouts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the annotations of an Ingress say, for each of its paths.
 *
 * @param first filters before the redirect to TLS
 * @param toHttps where and when that happens
 * @param limits filters behind it
 * @param auth filters behind those, except for certificates' challenges
 * @param last filters behind all of these
 * @param denied whether all is answered with 503
 */
record Options(
        List<Filter> first,
        ToHttps toHttps,
        List<Filter> limits,
        List<Filter> auth,
        List<Filter> last,
        Rewriting rewriting,
        BackendOptions backend,
        Timeouts timeouts,
        BodyLimits body,
        Optional<Retry> retry,
        Optional<Affinity> affinity,
        HostOptions host,
        Optional<CanaryOptions> canary,
        boolean denied) {
    Options {
        first = List.copyOf(first);
        limits = List.copyOf(limits);
        auth = List.copyOf(auth);
        last = List.copyOf(last);
    }

    /** When requests are sent to TLS. */
    enum ToHttps {
        NEVER,
        WHERE_THERE_IS_TLS,
        ALWAYS
    }

    /**
     * @param target what paths become
     * @param regex whether paths are expressions
     * @param prefix for {@code X-Forwarded-Prefix}
     */
    record Rewriting(Optional<String> target, boolean regex, Optional<String> prefix) {}

    /** For what no host is for: ingress-nginx neither redirects nor rewrites there. */
    Options withoutRedirects() {
        return new Options(
                first.stream()
                        .filter(filter -> !(filter instanceof Filter.RedirectTo))
                        .toList(),
                ToHttps.NEVER,
                limits,
                auth,
                last,
                new Rewriting(Optional.empty(), false, Optional.empty()),
                backend,
                timeouts,
                body,
                retry,
                affinity,
                host,
                canary,
                denied);
    }

    static Options read(Reading in) {
        Annotations annotations = in.annotations();
        List<Filter> first = new ArrayList<>();
        if (!annotations.truth("enable-access-log").orElse(true)) {
            first.add(new Filter.NoAccessLog());
        }
        first.addAll(ResponseOptions.read(in));
        CorsOptions.read(annotations).ifPresent(first::add);
        Redirects.target(annotations).ifPresent(first::add);
        List<Filter> limits = LimitOptions.read(in);
        List<Filter> auth = new ArrayList<>(AuthOptions.basic(in));
        ExternalAuthOptions.read(in).ifPresent(auth::add);
        if (annotations.word("satisfy", "any", "all").orElse("all").equals("any")) {
            in.note(
                    "UnsupportedAnnotation",
                    "satisfy: any is read as all: a request has to pass all that is asked for");
        }
        HostOptions host = HostOptions.read(in);
        List<Filter> last = ResponseOptions.mirror(in).stream().toList();
        return new Options(
                first,
                toHttps(annotations),
                limits,
                auth,
                last,
                rewriting(annotations),
                BackendOptions.read(in),
                ProxyOptions.timeouts(annotations),
                ProxyOptions.body(annotations),
                ProxyOptions.retry(annotations),
                AffinityOptions.read(annotations),
                host,
                CanaryOptions.read(annotations),
                in.isDenied());
    }

    private static ToHttps toHttps(Annotations annotations) {
        if (annotations.isTrue("force-ssl-redirect")) {
            return ToHttps.ALWAYS;
        }
        return annotations.truth("ssl-redirect").orElse(true) ? ToHttps.WHERE_THERE_IS_TLS : ToHttps.NEVER;
    }

    private static Rewriting rewriting(Annotations annotations) {
        return new Rewriting(
                annotations.text("rewrite-target"),
                annotations.isTrue("use-regex"),
                annotations.text("x-forwarded-prefix"));
    }
}
