package dev.weft.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MigrationTest {
    @Test
    void the_report_says_what_becomes_of_each_annotation() throws Exception {
        String report = Migration.report(Standalone.read("""
                kind: Ingress
                metadata:
                  name: web
                  namespace: shop
                  annotations:
                    kubernetes.io/ingress.class: nginx
                    nginx.ingress.kubernetes.io/rewrite-target: /$1
                    nginx.ingress.kubernetes.io/limit-rate: "5"
                    nginx.ingress.kubernetes.io/configuration-snippet: return 200;
                    nginx.ingress.kubernetes.io/proxy-buffering: "on"
                    nginx.ingress.kubernetes.io/satisfy: any
                    nginx.ingress.kubernetes.io/typo: x
                    nginx.ingress.kubernetes.io/proxy-read-timeout: 60s
                spec:
                  tls: [{hosts: [a.example], secretName: cert}]
                  rules:
                  - host: a.example
                    http: {paths: [{path: /(.*), pathType: ImplementationSpecific, backend: {service: {name: web, port: {number: 80}}}}]}
                """));
        assertThat(report)
                .startsWith("1 Ingresses of the classes [nginx], 7 different annotations of ingress-nginx\n")
                .contains("Read as ingress-nginx reads them:\n", "  rewrite-target", "in Gateway API: HTTPRoute filter")
                .contains("Read with a difference:\n", "  satisfy", "any is read as all, which is stricter")
                .contains("Nothing to be done:\n", "  proxy-buffering")
                .contains("Not supported:\n", "  limit-rate")
                .contains("Refused:\n", "  configuration-snippet")
                .contains("Not known, also to ingress-nginx:\n", "  typo")
                .contains("To be looked at:\n", "shop/web: proxy-read-timeout: '60s' is no whole number")
                .doesNotContain("there is no Service", "there is no Secret");
    }
}
