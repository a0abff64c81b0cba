package dev.weft.kube;

import dev.weft.net.Cidr;
import dev.weft.net.Ip;
import java.util.Optional;

/** Values inside objects. What cannot be read is absent: one odd field must not stop the watch of all other objects. */
final class Values {
    private Values() {}

    /** The API server takes addresses of any form in old objects; one that is none is no address. */
    static Optional<Ip> ip(String text) {
        try {
            return Optional.of(Ip.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The API server takes 10.244.1.7/24 too and means 10.244.1.0/24; and blanks around it in source ranges. */
    static Optional<Cidr> cidr(String text) {
        String trimmed = text.strip();
        int slash = trimmed.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(Cidr.containing(
                    Ip.parse(trimmed.substring(0, slash)), Integer.parseInt(trimmed.substring(slash + 1))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** IP protocol number; TCP is the default of the API. */
    static int protocol(String name) {
        return switch (name) {
            case "", "TCP" -> 6;
            case "UDP" -> 17;
            case "SCTP" -> 132;
            default -> 0;
        };
    }

    static boolean isPort(int number) {
        return number > 0 && number <= 0xffff;
    }
}
