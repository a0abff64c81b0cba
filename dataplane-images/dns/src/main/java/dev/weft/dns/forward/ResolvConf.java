package dev.weft.dns.forward;

import dev.weft.config.DnsConfig.Upstream;
import dev.weft.dns.wire.DnsName;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The servers and the search list in a resolv.conf(5). */
public final class ResolvConf {
    private ResolvConf() {}

    /**
     * @return empty if none is named, or none by an address
     * @throws IOException if the file cannot be read
     */
    public static List<Upstream> read(Path file) throws IOException {
        List<Upstream> servers = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            String[] words = line.strip().split("\\s+");
            if (words.length > 1 && words[0].equals("nameserver")) {
                // Without the zone of a link-local address, which is nowhere to be asked from a pod.
                ip(words[1].replaceFirst("%.*", "")).ifPresent(ip -> servers.add(Upstream.udp(ip)));
            }
        }
        return servers;
    }

    /**
     * Where names are looked for that have few dots; the last {@code search} or {@code domain} line counts.
     *
     * @throws IOException if the file cannot be read
     */
    public static List<DnsName> search(Path file) throws IOException {
        List<DnsName> domains = List.of();
        for (String line : Files.readAllLines(file)) {
            List<String> words = List.of(line.strip().split("\\s+"));
            if (words.getFirst().equals("search") || words.getFirst().equals("domain")) {
                domains = words.stream().skip(1).flatMap(ResolvConf::name).toList();
            }
        }
        return domains;
    }

    private static Stream<DnsName> name(String text) {
        try {
            DnsName name = DnsName.parse(text);
            return name.equals(DnsName.ROOT) ? Stream.empty() : Stream.of(name);
        } catch (IllegalArgumentException e) {
            return Stream.empty();
        }
    }

    private static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
