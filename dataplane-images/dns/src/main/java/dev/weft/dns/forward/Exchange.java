package dev.weft.dns.forward;

import dev.weft.dns.wire.Reply;
import java.io.IOException;
import java.time.Duration;

/** A way to ask one server. */
interface Exchange extends AutoCloseable {
    /**
     * Asks and waits; for virtual threads.
     *
     * @param query with an id that nobody can guess
     * @param questionEnd where header and question end in it
     * @throws IOException if no fitting answer came in time
     */
    Reply ask(byte[] query, int questionEnd, Duration patience) throws IOException;

    @Override
    void close();
}
