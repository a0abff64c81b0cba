package dev.weft.ingress.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.ingress.route.HostPattern;
import dev.weft.ingress.route.HttpRule;
import dev.weft.ingress.route.Listener;
import dev.weft.ingress.route.Port;
import dev.weft.ingress.route.Target;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Header fields whose names have something else than letters, digits and hyphens in them. */
@SuppressWarnings("StringConcatToTextBlock") // lines of HTTP end with CR and LF
class OddNamesTest {
    private static final String REQUEST =
            "GET / HTTP/1.1\r\nHost: a.example\r\nX-Plain: 1\r\nx_under: 2\r\nX.Dot: 3\r\n"
                    + "X_Real_IP: 192.0.2.1\r\nX-Forwarded_For: 192.0.2.2\r\nSSL_CLIENT_VERIFY: SUCCESS\r\n_: 4\r\n\r\n";
    private static final List<String> LOOKALIKES = List.of("X_Real_IP", "X-Forwarded_For", "SSL_CLIENT_VERIFY");

    /** Answers 404 to those with a field {@code X_Route}. */
    private static Proxy proxy(Backend backend, boolean plainNames) {
        HttpRule rule = Proxy.rule(Target.to(Proxy.id("web")));
        Listener.Serving serving = new Listener.Serving.Http(
                request -> request.anyHeader("x_route", value -> true) ? HttpRule.NOT_FOUND : rule, false, plainNames);
        return new Proxy()
                .with(Proxy.upstream("web", backend.port()))
                .serve(new Port.Web(List.of(new Listener("http", HostPattern.ANY, Optional.empty(), serving))));
    }

    @Test
    void they_are_dropped_where_ingress_nginx_drops_them() throws Exception {
        try (Backend backend = Backend.ok("");
                Proxy proxy = proxy(backend, true);
                Client client = proxy.client()) {
            client.send(REQUEST);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(names(backend)).contains("x-plain").noneMatch(name -> name.matches(".*[^a-z0-9-].*"));
            // Nor do they lead anywhere.
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX_Route: 1\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void elsewhere_they_pass_unless_they_look_like_what_the_proxy_says() throws Exception {
        try (Backend backend = Backend.ok("");
                Proxy proxy = proxy(backend, false);
                Client client = proxy.client()) {
            client.send(REQUEST);
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(names(backend)).contains("x-plain", "x_under", "x.dot", "_", "x-real-ip", "x-forwarded-for");
            LOOKALIKES.forEach(
                    name -> assertThat(backend.last().field(name)).as(name).isEmpty());
            client.send("GET / HTTP/1.1\r\nHost: a\r\nX_Route: 1\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(404);
        }
    }

    @Test
    void in_http_2_likewise() throws Exception {
        for (boolean plainNames : List.of(true, false)) {
            try (Backend backend = Backend.ok("");
                    Proxy proxy = proxy(backend, plainNames);
                    H2Client client = new H2Client(proxy.port)) {
                H2Client.Stream stream = client.open(
                        new DefaultHttp2Headers(false)
                                .method("GET")
                                .scheme("http")
                                .authority("a.example")
                                .path("/")
                                .add("x_under", "2")
                                .add("x_real_ip", "192.0.2.1"),
                        true);
                stream.await();
                assertThat(stream.outcome()).isEqualTo("200");
                assertThat(backend.last().field("x_under")).isEqualTo(plainNames ? "" : "2");
                assertThat(backend.last().field("x_real_ip")).isEmpty();
            }
        }
    }

    private static List<String> names(Backend backend) {
        return backend.last()
                .head()
                .lines()
                .skip(1)
                .filter(line -> line.contains(":"))
                .map(line -> line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT))
                .toList();
    }
}
