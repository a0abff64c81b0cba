package dev.weft.dns.serve;

import dev.weft.dns.wire.Question;

/** Answers of other servers, ready to be given again. Any thread reads. */
public interface AnswerCache {
    int MISS = -1;

    AnswerCache NONE = (question, out, limit) -> MISS;

    /**
     * Writes a whole answer to {@code out}, whose first bytes are the query's header and question already.
     *
     * @param limit bytes that the message may have
     * @return its length, or {@link #MISS}
     */
    int write(Question question, byte[] out, int limit);
}
