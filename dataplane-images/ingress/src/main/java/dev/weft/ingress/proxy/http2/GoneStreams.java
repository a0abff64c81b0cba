package dev.weft.ingress.proxy.http2;

/** The streams that ended last, and whether we reset them. */
final class GoneStreams {
    private static final int KEPT = 128;

    private final int[] ids = new int[KEPT];
    private final boolean[] resets = new boolean[KEPT];
    private int next;

    void closed(int id, boolean reset) {
        ids[next] = id;
        resets[next] = reset;
        next = (next + 1) % KEPT;
    }

    boolean isClosed(int id) {
        return find(id) >= 0;
    }

    boolean isReset(int id) {
        int at = find(id);
        return at >= 0 && resets[at];
    }

    private int find(int id) {
        for (int i = 0; i < KEPT; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }
}
