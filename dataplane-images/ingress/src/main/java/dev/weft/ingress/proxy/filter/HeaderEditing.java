package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.http.FieldName;
import dev.weft.ingress.proxy.http.Fields;
import dev.weft.ingress.route.HeaderEdits;

/** Applies edits to fields. */
final class HeaderEditing {
    private HeaderEditing() {}

    static void apply(HeaderEdits edits, Fields fields) {
        for (String name : edits.remove()) {
            if (!isFraming(name)) {
                fields.remove(name);
            }
        }
        for (HeaderEdits.Field field : edits.set()) {
            if (!isFraming(field.name())) {
                fields.set(field.name(), field.value());
            }
        }
        for (HeaderEdits.Field field : edits.add()) {
            if (!isFraming(field.name())) {
                fields.add(field.name(), field.value());
            }
        }
    }

    /** Where a message ends is not for rules to say: it would be request smuggling by configuration. */
    private static boolean isFraming(String name) {
        int id = FieldName.of(name);
        return id == FieldName.CONTENT_LENGTH || (id != FieldName.OTHER && (FieldName.HOP_BY_HOP >>> id & 1) != 0);
    }
}
