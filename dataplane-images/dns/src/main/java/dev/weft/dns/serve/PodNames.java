package dev.weft.dns.serve;

import dev.weft.dns.wire.NameHash;
import dev.weft.dns.wire.Question;
import dev.weft.dns.zone.ClusterZone;
import dev.weft.dns.zone.PodEntries;
import dev.weft.dns.zone.PodsMode;
import dev.weft.net.Ip;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Names of pods that are made of an address, where nobody checks whether there is such a pod. */
final class PodNames {
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(-(0|[1-9]\\d{0,2})){3}");

    /** An entry made for {@code a-b-c-d.namespace.pod.<domain>}, if that is asked for and the namespace exists. */
    byte @Nullable [] find(ClusterZone zone, Question question) {
        int below = question.labels() - zone.options().domain().labels();
        if (zone.options().podsMode() != PodsMode.INSECURE || below != 3) {
            return null;
        }
        byte[] name = question.name();
        int pod = question.labelAt(2);
        if (name[pod] != 3 || name[pod + 1] != 'p' || name[pod + 2] != 'o' || name[pod + 3] != 'd') {
            return null;
        }
        int namespace = question.labelAt(1);
        int end = question.nameLength();
        if (zone.table().find(name, namespace, end, NameHash.of(name, namespace, end)) == null) {
            return null;
        }
        String label = new String(name, 1, name[0], StandardCharsets.ISO_8859_1);
        try {
            Ip ip = Ip.parse(label.replace('-', IPV4.matcher(label).matches() ? '.' : ':'));
            return PodEntries.of(question.toName(), ip, zone.options().ttl());
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
