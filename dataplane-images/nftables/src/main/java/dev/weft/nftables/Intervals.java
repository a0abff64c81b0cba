package dev.weft.nftables;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/** Intervals over keys of one field. */
final class Intervals {
    private Intervals() {}

    static List<Element> sorted(Collection<Element> elements) {
        return elements.stream().sorted(Comparator.comparing(Element::key)).toList();
    }

    static boolean overlap(Element a, Element b) {
        return a.key().compareTo(b.last()) <= 0 && b.key().compareTo(a.last()) <= 0;
    }
}
