package dev.weft.kube;

import java.nio.charset.StandardCharsets;

/**
 * Something worth an Event (events.k8s.io/v1). Equal notes are repetitions of the same thing.
 *
 * @param warning {@code Warning} or else {@code Normal}
 * @param regarding what it is about
 * @param reason one word in CamelCase, such as {@code RouteRepaired}; at most 128 bytes
 * @param action what was done, one word in CamelCase, such as {@code Repair}; at most 128 bytes
 * @param note a sentence for people; cut at the API's 1024 bytes
 */
public record EventNote(boolean warning, ObjectReference regarding, String reason, String action, String note) {
    private static final int MAX_NOTE = 1024;
    private static final int MAX_WORD = 128;

    public EventNote {
        if (!reason.matches("[A-Za-z]{1," + MAX_WORD + "}") || !action.matches("[A-Za-z]{1," + MAX_WORD + "}")) {
            throw new IllegalArgumentException("reason '" + reason + "' or action '" + action + "' is not one word");
        }
        note = cut(note);
    }

    private static String cut(String text) {
        String kept = text;
        while (kept.getBytes(StandardCharsets.UTF_8).length > MAX_NOTE) {
            int over = kept.getBytes(StandardCharsets.UTF_8).length - MAX_NOTE;
            // A character has at most 3 bytes a char, so this never cuts too much by far, and ends.
            kept = kept.substring(0, kept.length() - Math.max(1, over / 3));
        }
        return kept;
    }
}
