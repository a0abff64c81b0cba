package dev.weft.linux;

import java.util.List;

/**
 * What became of one message of a request.
 *
 * @param answer the kernel's answer
 * @param data what came back beside it: the object asked for, or the echo
 */
public record NetlinkResult(Answer answer, List<NetlinkMessage> data) {
    public NetlinkResult {
        data = List.copyOf(data);
    }

    /**
     * The kernel's answer.
     *
     * @param errno 0 for success, else one of {@link Errno}
     * @param text the kernel's explanation (extended ack), or empty; can come with a success, as a warning
     * @param offset where in the message, header included, the attribute stands that the kernel objects to; -1 where it
     *     does not say
     */
    public record Answer(int errno, String text, int offset) {
        static final Answer OK = new Answer(0, "", -1);
    }

    public boolean ok() {
        return answer.errno() == 0;
    }

    /** The error number, 0 for success. */
    public int errno() {
        return answer.errno();
    }

    /**
     * This result if it is a success.
     *
     * @param call name of the message type, such as RTM_NEWLINK
     * @param tried what was tried
     * @throws LinuxException if the kernel refused
     */
    public NetlinkResult orThrow(String call, String tried) {
        if (!ok()) {
            throw new LinuxException(answer.errno(), call, tried, answer.text());
        }
        return this;
    }
}
