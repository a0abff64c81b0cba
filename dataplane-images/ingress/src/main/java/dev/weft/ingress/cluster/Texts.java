package dev.weft.ingress.cluster;

import dev.weft.kube.JsonInput;
import dev.weft.kube.KubeException;
import dev.weft.net.Ip;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Values inside objects; what cannot be read is absent. */
final class Texts {
    private Texts() {}

    static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // None, as in a headless Service.
        }
    }

    /** IP protocol number; TCP is the default of the API. */
    static int protocol(String name) {
        return switch (name) {
            case "", "TCP" -> Service.TCP;
            case "UDP" -> Service.UDP;
            case "SCTP" -> 132;
            default -> 0;
        };
    }

    static boolean isPort(int number) {
        return number > 0 && number <= 0xffff;
    }

    /** {@code status.loadBalancer} of a Service or an Ingress: addresses and host names. */
    static List<String> loadBalancer(JsonInput in) throws KubeException {
        List<String> found = new ArrayList<>(1);
        in.object((name, value) -> {
            if (name.equals("ingress")) {
                value.array(item -> item.object((field, text) -> {
                    if (field.equals("ip") || field.equals("hostname")) {
                        found.add(text.string());
                    }
                }));
            }
        });
        found.removeIf(String::isEmpty);
        return found;
    }
}
