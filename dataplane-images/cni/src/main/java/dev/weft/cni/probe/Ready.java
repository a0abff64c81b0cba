package dev.weft.cni.probe;

import java.io.IOException;
import java.nio.channels.SelectionKey;

/** What to do when a channel of the probe endpoint is ready; the attachment of its key. */
@FunctionalInterface
interface Ready {
    void ready(SelectionKey key) throws IOException;
}
