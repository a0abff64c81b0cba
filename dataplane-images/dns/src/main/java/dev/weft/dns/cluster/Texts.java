package dev.weft.dns.cluster;

import dev.weft.dns.cluster.Service.Port;
import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.net.Ip;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Parts that several kinds have, read leniently: one odd object must not stop the watch of all others. */
final class Texts {
    private Texts() {}

    static Optional<Ip> ip(String text) {
        try {
            return text.isEmpty() ? Optional.empty() : Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** A port; ten thousand Services share few names and protocols. */
    static void port(JsonInput in, List<Port> ports) throws KubeException {
        String[] texts = {"", "TCP"};
        int[] number = {-1};
        in.object((field, value) -> {
            switch (field) {
                case "name" -> texts[0] = value.string();
                case "protocol" -> texts[1] = value.string();
                case "port" -> number[0] = value.integer() == 0 ? -1 : value.integer();
                default -> {}
            }
        });
        ports.add(new Port(
                texts[0].toLowerCase(Locale.ROOT).intern(),
                texts[1].toLowerCase(Locale.ROOT).intern(),
                number[0]));
    }

    static List<Port> orNone(List<Port> ports) {
        return ports.isEmpty() ? List.of(Service.NO_PORT) : ports;
    }
}
