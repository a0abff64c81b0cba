package dev.weft.ingress.nginx;

import dev.weft.ingress.cluster.Service;
import dev.weft.ingress.compile.UpstreamPlan;
import dev.weft.ingress.compile.UpstreamPlan.Source;
import dev.weft.ingress.route.Filter;
import dev.weft.ingress.route.HeaderEdits;
import dev.weft.ingress.route.HeaderEdits.Field;
import dev.weft.ingress.route.Upstream;
import dev.weft.ingress.route.UpstreamTls;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code custom-headers}, {@code default-backend}, {@code custom-http-errors} and {@code mirror-*}. */
final class ResponseOptions {
    private static final Pattern FIELD_NAME = Pattern.compile("[a-zA-Z\\d\\-_]+");
    private static final Pattern FIELD_VALUE = Pattern.compile("[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");
    private static final Pattern MIRROR =
            Pattern.compile("(?<scheme>https?)://(?<host>[^/:?$\\[\\]]+)(:(?<port>\\d{1,5}))?/?(\\$request_uri)?");

    private ResponseOptions() {}

    /** For every answer, the proxy's own as well. */
    static List<Filter> read(Reading in) {
        List<Filter> filters = new ArrayList<>();
        headers(in).ifPresent(filters::add);
        errorPages(in).ifPresent(filters::add);
        return filters;
    }

    private static Optional<Filter> headers(Reading in) {
        return in.configMap("custom-headers").map(map -> {
            List<Field> fields = new ArrayList<>();
            map.data().forEach((name, value) -> {
                if (FIELD_NAME.matcher(name).matches()
                        && FIELD_VALUE.matcher(value.strip()).matches()) {
                    fields.add(new Field(name, value.strip()));
                } else {
                    in.deny("custom-headers", "'" + name + "' or its value cannot be in a header field");
                }
            });
            return new Filter.ResponseHeaders(new HeaderEdits(fields, List.of(), List.of()));
        });
    }

    private static Optional<Filter> errorPages(Reading in) {
        Annotations annotations = in.annotations();
        Set<Integer> codes = codes(annotations);
        Optional<String> name = annotations.text("default-backend");
        if (name.isEmpty()) {
            if (!codes.isEmpty()) {
                in.note("UnsupportedAnnotation", "custom-http-errors has an effect with default-backend alone");
            }
            return Optional.empty();
        }
        Optional<Service> service = in.service(name.get());
        Optional<Service.Port> port =
                service.flatMap(found -> found.ports().stream().findFirst());
        if (port.isEmpty()) {
            annotations.problem("default-backend", "there is no Service '" + name.get() + "' with a port");
            return Optional.empty();
        }
        return Optional.of(new Filter.ErrorPages(
                in.use(UpstreamPlan.http(service.get().key(), port.get().port())),
                codes,
                true,
                List.of(
                        new Field("X-Namespace", in.ingress().key().namespace()),
                        new Field("X-Ingress-Name", in.ingress().key().name()))));
    }

    private static Set<Integer> codes(Annotations annotations) {
        Set<Integer> codes = new HashSet<>();
        boolean intercepts = !annotations.isTrue("disable-proxy-intercept-errors");
        for (String item : annotations.list("custom-http-errors")) {
            if (!item.matches("[45]\\d\\d")) {
                annotations.problem("custom-http-errors", "'" + item + "' is not between 400 and 599");
            } else if (intercepts) {
                codes.add(Integer.parseInt(item));
            }
        }
        return codes;
    }

    static Optional<Filter> mirror(Reading in) {
        Optional<String> target = in.annotations().text("mirror-target");
        if (target.isEmpty()) {
            return Optional.empty();
        }
        Matcher url = MIRROR.matcher(target.get());
        if (!url.matches()) {
            in.annotations()
                    .problem("mirror-target", "'" + target.get() + "' is not like https://example.org$request_uri");
            return Optional.empty();
        }
        boolean tls = url.group("scheme").equals("https");
        String host = url.group("host");
        int port = Optional.ofNullable(url.group("port")).map(Integer::parseInt).orElse(tls ? 443 : 80);
        UpstreamPlan plan = new UpstreamPlan(
                new Source.OfHost(host, port),
                Upstream.Protocol.HTTP1,
                tls ? Optional.of(new UpstreamTls(host, false, "", List.of(), Optional.empty())) : Optional.empty(),
                new Upstream.Balancing.LeastRequest());
        String asked = in.annotations().text("mirror-host").orElse(host);
        return Optional.of(new Filter.Mirror(in.use(plan), 1, 1, Optional.of(asked)));
    }
}
