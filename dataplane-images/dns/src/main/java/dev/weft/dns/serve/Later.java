package dev.weft.dns.serve;

import dev.weft.net.Ip;
import java.io.IOException;

/** Answers what cannot be answered from memory: by asking others. */
public interface Later {
    /** Whoever asked, waiting. */
    interface Client {
        Ip ip();

        /** Bytes that an answer may have: of UDP what the question allows, else 65535. */
        int limit();

        /** Over UDP or TCP, as metrics name it. */
        boolean tcp();

        /**
         * Sends one of several messages that make up an answer, before {@link #answer} sends the last; over TCP alone.
         *
         * @throws IOException if the client is gone
         */
        default void part(byte[] message, int length) throws IOException {
            throw new IOException("an answer in parts over UDP");
        }

        /** Sends an answer, at once, whole, on any thread; if the client is gone that is not reported. */
        void answer(byte[] message, int length);
    }

    /**
     * Takes a question over; returns at once.
     *
     * @param query a well-formed query, the taker's from now on
     */
    void ask(byte[] query, Client client);
}
