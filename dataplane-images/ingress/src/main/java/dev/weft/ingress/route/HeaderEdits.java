package dev.weft.ingress.route;

import java.util.List;

/** Changes of header fields: first removed, then set (instead of all of that name), then added. */
public record HeaderEdits(List<Field> set, List<Field> add, List<String> remove) {
    public HeaderEdits {
        set = List.copyOf(set);
        add = List.copyOf(add);
        remove = List.copyOf(remove);
    }

    /** @param name compared without regard to case */
    public record Field(String name, String value) {}
}
