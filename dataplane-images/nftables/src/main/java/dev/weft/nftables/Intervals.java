package dev.weft.nftables;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Intervals over keys: from first to last in every field of its own. */
final class Intervals {
    private Intervals() {}

    static List<Element> sorted(Collection<Element> elements) {
        return elements.stream().sorted(Comparator.comparing(Element::key)).toList();
    }

    /** Of keys of one field. */
    static boolean overlap(Element a, Element b) {
        return a.key().compareTo(b.last()) <= 0 && b.key().compareTo(a.last()) <= 0;
    }

    /** The key lies in the interval. */
    static boolean contains(SetType type, Element interval, Data key) {
        List<Data> first = type.split(interval.key());
        List<Data> last = type.split(interval.last());
        List<Data> fields = type.split(key);
        for (int i = 0; i < fields.size(); i++) {
            if (fields.get(i).compareTo(first.get(i)) < 0 || fields.get(i).compareTo(last.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }
}
