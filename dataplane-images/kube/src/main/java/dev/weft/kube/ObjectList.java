package dev.weft.kube;

import java.util.HashMap;
import java.util.Map;

/**
 * The objects of a kind at a resource version.
 *
 * @param resourceVersion where a watch goes on from
 */
record ObjectList<T>(String resourceVersion, Map<ObjectKey, T> objects) {

    /** Objects a page: bounds what server and client hold at once. */
    private static final int PAGE = 500;

    /**
     * Lists all objects, page by page. Objects pass through one at a time and equal ones of the store are reused, so a
     * second list costs a map, not a second copy.
     *
     * @param notOlderThan a resource version the answer must not be older than, which the server answers from its
     *     cache; {@code 0} for any; empty for the latest, which is dearer
     */
    static <T> ObjectList<T> fetch(KubeClient client, KindSpec<T> kind, String notOlderThan, Store<T> store)
            throws KubeException {
        String match = notOlderThan.isEmpty()
                ? ""
                : "&resourceVersion=" + KindSpec.encode(notOlderThan) + "&resourceVersionMatch=NotOlderThan";
        Map<ObjectKey, T> objects = new HashMap<>();
        Page<T> page = new Page<>(kind, store, objects);
        String query = "limit=" + PAGE + match;
        while (true) {
            page.read(client, kind.query(query));
            if (page.next.isEmpty()) {
                return new ObjectList<>(page.resourceVersion, objects);
            }
            // With a continue token the resource version must not be given again.
            query = "limit=" + PAGE + "&continue=" + KindSpec.encode(page.next);
        }
    }

    private static final class Page<T> {
        private final KindSpec<T> kind;
        private final Store<T> store;
        private final Map<ObjectKey, T> objects;
        private String resourceVersion = "";
        private String next = "";
        private boolean items;

        Page(KindSpec<T> kind, Store<T> store, Map<ObjectKey, T> objects) {
            this.kind = kind;
            this.store = store;
            this.objects = objects;
        }

        void read(KubeClient client, String path) throws KubeException {
            resourceVersion = "";
            next = "";
            items = false;
            try (JsonInput in = new JsonInput(client.open(path))) {
                if (!in.advance() || !in.isObject()) {
                    throw new KubeFormatException("list of " + kind.name() + ": not a JSON object", null);
                }
                in.object(this::field);
            }
            // An object that is no list must not read as "there is nothing".
            if (resourceVersion.isEmpty() || !items) {
                throw new KubeFormatException("list of " + kind.name() + " without resourceVersion or items", null);
            }
        }

        private void field(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "metadata" -> in.object(this::metadata);
                case "items" -> {
                    // Go writes an empty list as [] or null.
                    items = true;
                    in.array(this::item);
                }
                default -> {}
            }
        }

        private void metadata(String name, JsonInput in) throws KubeException {
            switch (name) {
                case "resourceVersion" -> resourceVersion = in.string();
                case "continue" -> next = in.string();
                default -> {}
            }
        }

        private void item(JsonInput in) throws KubeException {
            DecodedObject<T> object = DecodedObject.read(in, kind.decoder());
            ObjectKey key = object.key();
            objects.put(key, store.reuse(key, object.value()));
        }
    }
}
