package dev.weft.nftables;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Collects the elements of one dump. In interval sets of one field the kernel keeps an interval as two elements, its
 * first key and the key behind its last, in an order of its own: they are paired once all are there.
 */
final class ElementDecoder {
    private final NftSet set;
    private final boolean paired;
    private final List<Bound> bounds = new ArrayList<>();
    private final List<Element> elements = new ArrayList<>();

    ElementDecoder(NftSet set) {
        this.set = set;
        this.paired = set.isInterval() && !set.keys().isConcat();
    }

    /** A first key, or a key behind. */
    private record Bound(Element element, boolean end) {}

    void add(Attributes attributes) {
        int flags = attributes.be32(Uapi.NFTA_SET_ELEM_FLAGS, 0);
        if ((flags & Uapi.NFT_SET_ELEM_CATCHALL) != 0) {
            // The "*" element has no key; this module never writes one.
            return;
        }
        Data key = attributes.data(Uapi.NFTA_SET_ELEM_KEY);
        Data last = attributes.has(Uapi.NFTA_SET_ELEM_KEY_END) ? attributes.data(Uapi.NFTA_SET_ELEM_KEY_END) : key;
        Optional<Value> value = attributes.has(Uapi.NFTA_SET_ELEM_DATA)
                ? Optional.of(attributes.value(Uapi.NFTA_SET_ELEM_DATA))
                : Optional.empty();
        Duration timeout = Duration.ofMillis(attributes.be64(Uapi.NFTA_SET_ELEM_TIMEOUT, 0));
        String comment = attributes
                .find(Uapi.NFTA_SET_ELEM_USERDATA)
                .map(bytes -> Userdata.comment(bytes, Userdata.COMMENT))
                .orElse("");
        Element element = new Element(key, key.equals(last) ? key : last, value, timeout, comment);
        if (paired) {
            bounds.add(new Bound(element, (flags & Uapi.NFT_SET_ELEM_INTERVAL_END) != 0));
        } else {
            elements.add(element);
        }
    }

    List<Element> elements() {
        // Where one interval ends and the next begins at the same key, the end comes first.
        bounds.sort(Comparator.comparing((Bound bound) -> bound.element().key()).thenComparing(bound -> !bound.end()));
        Optional<Element> open = Optional.empty();
        for (Bound bound : bounds) {
            if (bound.end()) {
                // nft also writes an end without a beginning at key 0.
                open.ifPresent(first ->
                        elements.add(until(first, before(bound.element().key()))));
                open = Optional.empty();
            } else {
                open.ifPresent(elements::add);
                open = Optional.of(bound.element());
            }
        }
        open.ifPresent(first ->
                elements.add(until(first, Data.zero(set.keys().length()).not())));
        return elements;
    }

    private static Element until(Element first, Data last) {
        Data end = first.key().equals(last) ? first.key() : last;
        return new Element(first.key(), end, first.value(), first.timeout(), first.comment());
    }

    private static Data before(Data key) {
        byte[] bytes = key.bytes();
        int at = bytes.length - 1;
        while (at >= 0 && bytes[at]-- == 0) {
            at--;
        }
        return Data.of(bytes);
    }
}
