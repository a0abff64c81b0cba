package dev.weft.e2e.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Services of a made-up cluster, each tenth headless, as files: objects for Weft, a zone for its peers, questions for
 * dnsperf. The same each time.
 */
final class DnsNames {
    private static final int SEED = 5;
    private static final int NAMESPACES = 20;
    /** Of other people: those that fit into caches, and far too many. */
    private static final int CACHED = 5000;

    private static final int OTHERS = 300_000;

    private final int services;

    DnsNames(int services) {
        this.services = services;
    }

    /** The files in a folder. */
    record Written(
            Path objects, Path zone, Path hits, Path missing, Path reverse, Path mixed, Path known, Path unknown) {}

    Written write(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<String> hits = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> reverse = new ArrayList<>();
        List<String> known = new ArrayList<>();
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            hits.add(name(i) + ".cluster.local A");
            missing.add("www" + i + ".example.com.ns" + i % NAMESPACES + ".svc.cluster.local A");
            if (!isHeadless(i)) {
                String[] bytes = clusterIp(i).split("\\.");
                reverse.add(bytes[3] + "." + bytes[2] + "." + bytes[1] + "." + bytes[0] + ".in-addr.arpa PTR");
            }
        }
        for (int i = 0; i < OTHERS; i++) {
            (i < CACHED ? known : unknown).add("host" + i + ".example.com A");
        }
        Random random = new Random(SEED);
        List<String> mixed = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            int of = random.nextInt(services);
            mixed.add(
                    switch (random.nextInt(10)) {
                        case 0, 1, 2, 3 -> hits.get(of);
                        case 4 -> name(of) + ".cluster.local AAAA";
                        case 5 -> "_http._tcp." + name(of) + ".cluster.local SRV";
                        case 6 -> reverse.get(of % reverse.size());
                        default -> missing.get(of);
                    });
        }
        return new Written(
                Files.writeString(folder.resolve("objects.json"), objects()),
                Files.writeString(folder.resolve("cluster.zone"), zone()),
                Files.write(folder.resolve("hits"), hits),
                Files.write(folder.resolve("missing"), missing),
                Files.write(folder.resolve("reverse"), reverse),
                Files.write(folder.resolve("mixed"), mixed),
                Files.write(folder.resolve("known"), known),
                Files.write(folder.resolve("unknown"), unknown));
    }

    private static boolean isHeadless(int i) {
        return i % 10 == 0;
    }

    private static String name(int i) {
        return "svc-" + i + ".ns" + i % NAMESPACES + ".svc";
    }

    private static String clusterIp(int i) {
        return "10.96." + (i >> 8) + "." + (i & 255);
    }

    private static String endpoint(int i, int which) {
        int number = 2 * i + which;
        return "10." + (128 + (number >> 16)) + "." + (number >> 8 & 255) + "." + (number & 255);
    }

    private String objects() {
        List<String> items = new ArrayList<>();
        for (int i = 0; i < services; i++) {
            String ip = isHeadless(i) ? "None" : clusterIp(i);
            items.add("""
                    {"kind":"Service","metadata":{"name":"svc-%d","namespace":"ns%d"},
                     "spec":{"clusterIP":"%s","ports":[{"name":"http","port":80,"protocol":"TCP"}]}}""".formatted(i, i % NAMESPACES, ip));
            items.add("""
                    {"kind":"EndpointSlice","metadata":{"name":"svc-%d-x","namespace":"ns%d",
                      "labels":{"kubernetes.io/service-name":"svc-%d"}},
                     "endpoints":[{"addresses":["%s"]},{"addresses":["%s"]}],
                     "ports":[{"name":"http","port":8080,"protocol":"TCP"}]}""".formatted(i, i % NAMESPACES, i, endpoint(i, 0), endpoint(i, 1)));
        }
        return "{\"kind\":\"List\",\"items\":[" + String.join(",\n", items) + "]}";
    }

    private String zone() {
        StringBuilder zone = new StringBuilder("""
                $ORIGIN cluster.local.
                $TTL 30
                @ SOA ns.dns hostmaster 1 7200 1800 86400 30
                @ NS ns.dns
                ns.dns A 10.96.0.10
                """);
        for (int i = 0; i < services; i++) {
            if (isHeadless(i)) {
                for (int which = 0; which < 2; which++) {
                    zone.append(name(i))
                            .append(" A ")
                            .append(endpoint(i, which))
                            .append('\n');
                }
            } else {
                zone.append(name(i)).append(" A ").append(clusterIp(i)).append('\n');
                zone.append("_http._tcp.")
                        .append(name(i))
                        .append(" SRV 0 100 80 ")
                        .append(name(i))
                        .append('\n');
            }
        }
        return zone.toString();
    }
}
