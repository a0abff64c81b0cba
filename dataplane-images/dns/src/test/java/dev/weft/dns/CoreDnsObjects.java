package dev.weft.dns;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Objects of all kinds that have names, and questions about them: right ones, nearly right ones, and others. */
final class CoreDnsObjects {
    private static final int[] TYPES = {
        Type.A,
        Type.A,
        Type.A,
        Type.AAAA,
        Type.AAAA,
        Type.SRV,
        Type.SRV,
        Type.PTR,
        Type.TXT,
        Type.MX,
        Type.NS,
        Type.SOA,
        Type.CNAME,
        Type.HTTPS,
        Type.CAA
    };

    private final List<String> names = new ArrayList<>();
    private final StringBuilder yaml = new StringBuilder();

    CoreDnsObjects() {
        for (String namespace : List.of("shop", "db", "empty")) {
            add("{apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}");
            names.add(namespace + ".svc");
            names.add(namespace + ".pod");
        }
        service("shop", "web", "{ports: [{name: http, port: 80}, {name: https, port: 443}]}", "10.0.0.50");
        service(
                "shop",
                "dns",
                "{ports: [{name: dns, port: 53, protocol: UDP}, {name: dns-tcp, port: 53}]}",
                "10.0.0.51");
        service("shop", "plain", "{ports: [{port: 8080}]}", "10.0.0.52");
        slice("shop", "web", "IPv4", "http", 8080, "{addresses: [10.244.0.1]}", "{addresses: [10.244.0.2]}");
        headless("db", "pg");
        slice(
                "db",
                "pg",
                "IPv4",
                "pg",
                5432,
                "{addresses: [10.244.1.1], hostname: pg-0}",
                "{addresses: [10.244.1.2], hostname: pg-1}",
                "{addresses: [10.244.1.3], conditions: {ready: false}}");
        slice(
                "db",
                "pg",
                "IPv6",
                "pg",
                5432,
                "{addresses: ['fd00:244::1'], hostname: pg-0}",
                "{addresses: ['fd00:244::9']}");
        headless("db", "nobody");
        headless("db", "big");
        String[] many = new String[40];
        for (int i = 0; i < many.length; i++) {
            many[i] = "{addresses: [10.244.2." + i + "]}";
        }
        slice("db", "big", "IPv4", "x", 1, many);
        external("out", "www.example.com");
        external("alias", "web.shop.svc.cluster.local");
        names.addAll(List.of(
                "web.shop.svc",
                "dns.shop.svc",
                "plain.shop.svc",
                "pg.db.svc",
                "nobody.db.svc",
                "big.db.svc",
                "out.shop.svc",
                "alias.shop.svc",
                "kubernetes.default.svc",
                "_http._tcp.web.shop.svc",
                "_https._tcp.web.shop.svc",
                "_dns._udp.dns.shop.svc",
                "_dns-tcp._tcp.dns.shop.svc",
                "_pg._tcp.pg.db.svc",
                "_x._tcp.big.db.svc",
                "_https._tcp.kubernetes.default.svc",
                "_tcp.web.shop.svc",
                "http.tcp.web.shop.svc",
                "_http._udp.web.shop.svc",
                "pg-0.pg.db.svc",
                "pg-1.pg.db.svc",
                "10-244-1-3.pg.db.svc",
                "fd00-244--9.pg.db.svc",
                "10-244-0-1.web.shop.svc",
                "10-244-2-7.big.db.svc",
                "a.b.c.web.shop.svc",
                "svc",
                "pod",
                "",
                "dns",
                "ns.dns",
                "dns-version",
                "10-1-2-3.shop.pod",
                "fd00--7.shop.pod",
                "x.shop.pod",
                "10-1-2.shop.pod",
                "10-1-2-3.nowhere.pod",
                "a.10-1-2-3.shop.pod",
                "x.nowhere.svc",
                "nowhere.svc",
                "what.ever",
                "www.example.com.shop.svc",
                "www.example.com.svc",
                "www.example.com"));
    }

    String yaml() {
        return yaml.toString();
    }

    Message question(Random random) {
        String name = switch (random.nextInt(12)) {
            case 0 -> "www" + random.nextInt(9) + ".example.com.";
            case 1 -> "1.0.244.10.in-addr.arpa.";
            case 2 ->
                random.nextBoolean() ? "50.0.0.10.in-addr.arpa." : random.nextInt(256) + ".9.244.10.in-addr.arpa.";
            case 3 -> "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.4.4.2.0.0.0.d.f.ip6.arpa.";
            default -> {
                String below = mutated(names.get(random.nextInt(names.size())), random);
                yield below.isEmpty() ? "cluster.local." : below + ".cluster.local.";
            }
        };
        try {
            Message message = new Message();
            message.getHeader().setFlag(Flags.RD);
            message.addRecord(
                    Record.newRecord(
                            Name.fromString(cased(name, random)), TYPES[random.nextInt(TYPES.length)], DClass.IN),
                    Section.QUESTION);
            if (random.nextBoolean()) {
                int size = List.of(512, 1232, 4096).get(random.nextInt(3));
                message.addRecord(new OPTRecord(size, 0, 0, random.nextBoolean() ? 0x8000 : 0), Section.ADDITIONAL);
            }
            return message;
        } catch (IOException e) {
            throw new AssertionError("no name: " + name, e);
        }
    }

    private static String mutated(String name, Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> name.isEmpty() ? "x" : "x." + name;
            case 1 -> name.replaceFirst("[a-z]", "q");
            case 2 -> name.replaceFirst("^[^.]*[.]", "");
            default -> name;
        };
    }

    private static String cased(String name, Random random) {
        if (random.nextInt(3) > 0) {
            return name;
        }
        StringBuilder cased = new StringBuilder();
        name.chars()
                .forEach(c -> cased.append(
                        random.nextBoolean() ? Character.toString(c).toUpperCase(Locale.ROOT) : Character.toString(c)));
        return cased.toString();
    }

    private void service(String namespace, String name, String spec, String ip) {
        add("{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s}, spec: %s}"
                .formatted(name, namespace, spec.replaceFirst("\\{", "{clusterIP: " + ip + ", ")));
    }

    private void headless(String namespace, String name) {
        service(namespace, name, "{ports: [{name: " + name + ", port: 5432}]}", "None");
    }

    private void external(String name, String target) {
        add(
                "{apiVersion: v1, kind: Service, metadata: {name: %s, namespace: shop}, spec: {type: ExternalName, externalName: %s}}"
                        .formatted(name, target));
    }

    private void slice(String namespace, String service, String family, String port, int number, String... endpoints) {
        add("""
                apiVersion: discovery.k8s.io/v1
                kind: EndpointSlice
                metadata: {name: %s-%s, namespace: %s, labels: {kubernetes.io/service-name: %s}}
                addressType: %s
                ports: [{name: %s, port: %s, protocol: TCP}]
                endpoints: [%s]
                """.formatted(
                        service,
                        family.toLowerCase(Locale.ROOT),
                        namespace,
                        service,
                        family,
                        port,
                        number,
                        String.join(", ", endpoints)));
    }

    private void add(String object) {
        yaml.append("---\n").append(object).append('\n');
    }
}
