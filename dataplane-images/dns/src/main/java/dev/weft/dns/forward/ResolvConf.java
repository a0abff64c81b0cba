package dev.weft.dns.forward;

import dev.weft.config.DnsConfig.Upstream;
import dev.weft.net.Ip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The servers in a resolv.conf(5). */
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

    private static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
