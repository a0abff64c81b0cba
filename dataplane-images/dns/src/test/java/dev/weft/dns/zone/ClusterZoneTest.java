package dev.weft.dns.zone;

import static dev.weft.dns.zone.Objects.external;
import static dev.weft.dns.zone.Objects.key;
import static dev.weft.dns.zone.Objects.ports;
import static dev.weft.dns.zone.Objects.put;
import static dev.weft.dns.zone.Objects.service;
import static dev.weft.dns.zone.Objects.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.xbill.DNS.Type.A;
import static org.xbill.DNS.Type.AAAA;
import static org.xbill.DNS.Type.MX;
import static org.xbill.DNS.Type.NS;
import static org.xbill.DNS.Type.PTR;
import static org.xbill.DNS.Type.SOA;
import static org.xbill.DNS.Type.SRV;
import static org.xbill.DNS.Type.TXT;

import dev.weft.dns.cluster.EndpointSlice;
import dev.weft.dns.cluster.PodAddresses;
import dev.weft.dns.cluster.Service;
import dev.weft.dns.serve.Ask;
import dev.weft.testkit.Seeded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Rows of the Kubernetes DNS specification 1.1.0, and CoreDNS where that is silent. */
class ClusterZoneTest {
    private final ClusterZone zone = Objects.zone(PodsMode.INSECURE);
    private final Ask dns = new Ask(zone);

    private void slice(EndpointSlice slice) {
        zone.slice(slice.key(), Optional.of(slice));
    }

    @Test
    void clusterIpServices() {
        put(zone, service("shop/web", "10.96.0.7,fd00:96::7", "http/tcp/80", "https/tcp/443", "dns/udp/53"));
        zone.complete();

        assertThat(dns.ask("web.shop.svc.cluster.local", A)).isEqualTo("NOERROR 10.96.0.7");
        assertThat(dns.ask("WEB.shop.SVC.cluster.local", AAAA)).isEqualTo("NOERROR fd00:96:0:0:0:0:0:7");
        assertThat(dns.ask("_http._tcp.web.shop.svc.cluster.local", SRV))
                .isEqualTo("NOERROR 0 50 80 web.shop.svc.cluster.local. +10.96.0.7 +fd00:96:0:0:0:0:0:7");
        assertThat(dns.ask("_dns._udp.web.shop.svc.cluster.local", A)).isEqualTo("NOERROR 10.96.0.7");
        assertThat(dns.ask("web.shop.svc.cluster.local", SRV))
                .startsWith("NOERROR 0 16 443")
                .contains("0 16 53", "+10");
        assertThat(dns.ask("7.0.96.10.in-addr.arpa", PTR)).isEqualTo("NOERROR web.shop.svc.cluster.local.");
    }

    @Test
    void reverseNamesOfIpv6() {
        put(zone, service("shop/web", "fd00:96::7", "http/tcp/80"));
        String name = org.xbill.DNS.ReverseMap.fromAddress(
                        Objects.ips("fd00:96::7").getFirst().toInetAddress())
                .toString();
        assertThat(dns.ask(name, PTR)).isEqualTo("NOERROR web.shop.svc.cluster.local.");
        assertThat(dns.ask("web.shop.svc.cluster.local", A))
                .as("not complete yet")
                .isEqualTo("SERVFAIL");
        zone.complete();
        assertThat(dns.ask("web.shop.svc.cluster.local", A)).isEqualTo("NOERROR SOA");
    }

    @Test
    void negativeAnswers() {
        put(zone, service("shop/web", "10.96.0.7", "http/tcp/80"));
        assertThat(dns.ask("nothing.shop.svc.cluster.local", A))
                .as("not complete yet")
                .isEqualTo("SERVFAIL");
        zone.complete();
        for (String exists : List.of(
                "web.shop.svc.cluster.local",
                "_tcp.web.shop.svc.cluster.local",
                "shop.svc.cluster.local",
                "shop.pod.cluster.local",
                "svc.cluster.local",
                "pod.cluster.local",
                "cluster.local",
                "dns.cluster.local")) {
            assertThat(dns.ask(exists, MX)).as(exists).isEqualTo("NOERROR SOA");
        }
        for (String absent : List.of(
                "web.other.svc.cluster.local",
                "_udp.web.shop.svc.cluster.local",
                "other.svc.cluster.local",
                "other.pod.cluster.local",
                "nothing.cluster.local",
                "a.web.shop.svc.cluster.local",
                "web.shop.svc.cluster.local.svc.cluster.local")) {
            assertThat(dns.ask(absent, A)).as(absent).isEqualTo("NXDOMAIN SOA");
        }
        assertThat(dns.message("x.svc.cluster.local", A).getSection(org.xbill.DNS.Section.AUTHORITY))
                .hasToString("[cluster.local.\t\t30\tIN\tSOA\tns.dns.cluster.local. hostmaster.cluster.local."
                        + " 1800000000 7200 1800 86400 30]");
    }

    @Test
    void headlessServices() {
        put(zone, service("db/pg", "None", "pg/tcp/5432"));
        zone.complete();
        assertThat(dns.ask("pg.db.svc.cluster.local", A)).isEqualTo("NXDOMAIN SOA");

        slice(Objects.slice("db/pg-1", "db/pg", ports("pg/tcp/5432"), "pg-0=10.1.0.1", "10.1.0.2", "!10.1.0.3"));

        assertThat(dns.ask("pg.db.svc.cluster.local", A)).isEqualTo("NOERROR 10.1.0.1 10.1.0.2");
        assertThat(dns.ask("pg-0.pg.db.svc.cluster.local", A)).isEqualTo("NOERROR 10.1.0.1");
        assertThat(dns.ask("10-1-0-2.pg.db.svc.cluster.local", A)).isEqualTo("NOERROR 10.1.0.2");
        assertThat(dns.ask("10-1-0-3.pg.db.svc.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
        assertThat(dns.ask("_pg._tcp.pg.db.svc.cluster.local", SRV))
                .isEqualTo("NOERROR 0 50 5432 10-1-0-2.pg.db.svc.cluster.local."
                        + " 0 50 5432 pg-0.pg.db.svc.cluster.local. +10.1.0.1 +10.1.0.2");
        assertThat(dns.ask("1.0.1.10.in-addr.arpa", PTR)).isEqualTo("NOERROR pg-0.pg.db.svc.cluster.local.");

        put(zone, new Service(key("db/pg"), List.of(), true, "", true, ports("pg/tcp/5432")));
        assertThat(dns.ask("pg.db.svc.cluster.local", A))
                .as("publishNotReadyAddresses")
                .isEqualTo("NOERROR 10.1.0.1 10.1.0.2 10.1.0.3");
    }

    @Test
    void endpointsOfTwoServicesTellBothNames() {
        put(zone, service("db/a", "None", "x/tcp/1"));
        put(zone, service("db/b", "None", "x/tcp/1"));
        slice(Objects.slice("db/a-1", "db/a", ports(), "10.1.0.1"));
        EndpointSlice second = Objects.slice("db/b-1", "db/b", ports(), "10.1.0.1");
        slice(second);
        assertThat(dns.ask("1.0.1.10.in-addr.arpa", PTR))
                .isEqualTo("NOERROR 10-1-0-1.a.db.svc.cluster.local. 10-1-0-1.b.db.svc.cluster.local.");
        zone.slice(second.key(), Optional.empty());
        assertThat(dns.ask("1.0.1.10.in-addr.arpa", PTR)).isEqualTo("NOERROR 10-1-0-1.a.db.svc.cluster.local.");
    }

    @Test
    void theZoneItself() {
        put(zone, service("kube-system/kube-dns", "10.96.0.10", "dns/udp/53"));
        zone.complete();
        assertThat(dns.ask("dns-version.cluster.local", TXT)).isEqualTo("NOERROR \"1.1.0\"");
        assertThat(dns.ask("cluster.local", NS))
                .isEqualTo("NOERROR kube-dns.kube-system.svc.cluster.local. +10.96.0.10");
        assertThat(dns.ask("ns.dns.cluster.local", A)).isEqualTo("NOERROR 10.96.0.10");
        assertThat(dns.ask("cluster.local", SOA)).startsWith("NOERROR ns.dns.cluster.local. hostmaster.cluster.local.");
    }

    @Test
    void podsByAddress() {
        zone.namespace("shop", true);
        zone.complete();
        assertThat(dns.ask("10-1-0-1.shop.pod.cluster.local", A)).isEqualTo("NOERROR 10.1.0.1");
        assertThat(dns.ask("10-1-0-1.shop.pod.cluster.local", AAAA)).isEqualTo("NOERROR SOA");
        assertThat(dns.ask("fd00--5.shop.pod.cluster.local", AAAA)).isEqualTo("NOERROR fd00:0:0:0:0:0:0:5");
        assertThat(dns.ask("10-1-0.shop.pod.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
        assertThat(dns.ask("10-1-0-1.other.pod.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
        zone.namespace("shop", false);
        assertThat(dns.ask("10-1-0-1.shop.pod.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
    }

    @Test
    void podsThatExist() {
        ClusterZone verified = Objects.zone(PodsMode.VERIFIED);
        Ask ask = new Ask(verified);
        verified.namespace("shop", true);
        verified.complete();
        PodAddresses pod = new PodAddresses(key("shop/a"), Objects.ips("10.1.0.1"));
        verified.pod(pod.key(), Optional.of(pod));
        assertThat(ask.ask("10-1-0-1.shop.pod.cluster.local", A)).isEqualTo("NOERROR 10.1.0.1");
        assertThat(ask.ask("10-1-0-2.shop.pod.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
        verified.pod(pod.key(), Optional.empty());
        assertThat(ask.ask("10-1-0-1.shop.pod.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
    }

    @Test
    void externalNames() {
        put(zone, external("shop/out", "example.com"));
        put(zone, external("shop/address", "192.0.2.1"));
        zone.complete();
        assertThat(dns.ask("out.shop.svc.cluster.local", org.xbill.DNS.Type.CNAME))
                .isEqualTo("NOERROR example.com.");
        assertThat(dns.ask("address.shop.svc.cluster.local", A)).isEqualTo("NXDOMAIN SOA");
    }

    /** Whatever happened on the way, the names are those of a zone that saw the end alone; and none once all is gone. */
    @Test
    void changesLeaveWhatTheEndStateHas() {
        Seeded.loop(60, random -> {
            ClusterZone walked = Objects.zone(PodsMode.INSECURE);
            int empty = walked.table().size();
            Map<String, Service> services = new HashMap<>();
            Map<String, EndpointSlice> slices = new HashMap<>();
            for (int step = 0; step < 80; step++) {
                String name = "ns" + random.nextInt(2) + "/s" + random.nextInt(3);
                if (random.nextInt(3) == 0) {
                    Service now = switch (random.nextInt(4)) {
                        case 0 -> service(name, "None", "a/tcp/1");
                        case 1 -> service(name, "10.0.0." + random.nextInt(9), "a/tcp/1", "b/udp/2");
                        default -> external(name, "example.com");
                    };
                    boolean gone = random.nextInt(3) == 0;
                    walked.service(now.key(), gone ? Optional.empty() : Optional.of(now));
                    if (gone) {
                        services.remove(name);
                    } else {
                        services.put(name, now);
                    }
                } else {
                    String slice = "ns" + random.nextInt(2) + "/x" + random.nextInt(4);
                    Optional<EndpointSlice> before = Optional.ofNullable(slices.remove(slice));
                    Optional<EndpointSlice> now = random.nextInt(3) == 0
                            ? Optional.empty()
                            : Optional.of(Objects.slice(
                                    slice, name, ports("a/tcp/1"), "10.1.0." + random.nextInt(4), "h=10.1.0.9"));
                    now.ifPresent(value -> slices.put(slice, value));
                    if (before.isPresent() || now.isPresent()) {
                        walked.slice(key(slice), now);
                    }
                }
            }
            ClusterZone direct = Objects.zone(PodsMode.INSECURE);
            slices.values().forEach(slice -> direct.slice(slice.key(), Optional.of(slice)));
            services.values().forEach(service -> put(direct, service));
            assertThat(names(walked)).isEqualTo(names(direct));
            assertThat(walked.objects()).isEqualTo(direct.objects());

            new ArrayList<>(services.keySet()).forEach(name -> walked.service(key(name), Optional.empty()));
            assertThat(walked.table().size()).isEqualTo(empty);
        });
    }

    private static Map<String, String> names(ClusterZone zone) {
        Map<String, String> names = new HashMap<>();
        Ask ask = new Ask(zone);
        zone.complete();
        zone.table().forEach(entry -> {
            String name = NameEntry.name(entry).toString();
            names.put(name, ask.ask(name, A) + ask.ask(name, SRV) + ask.ask(name, PTR));
        });
        return names;
    }
}
