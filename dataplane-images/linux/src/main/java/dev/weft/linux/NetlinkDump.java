package dev.weft.linux;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The pieces of one dump as they come in. */
final class NetlinkDump {
    private final int sequence;
    private final String tried;
    private final Consumer<List<NetlinkMessage>> to;
    private boolean interrupted;
    private boolean done;

    /** @param to takes the messages of each read */
    NetlinkDump(int sequence, String tried, Consumer<List<NetlinkMessage>> to) {
        this.sequence = sequence;
        this.tried = tried;
        this.to = to;
    }

    /**
     * Takes what one read brought.
     *
     * @throws LinuxException if the kernel refused the dump or broke it off
     */
    void addAll(List<NetlinkFrame> frames) {
        List<NetlinkMessage> messages = new ArrayList<>(frames.size());
        for (NetlinkFrame frame : frames) {
            if (frame.sequence() == sequence && !done) {
                add(frame, messages);
            }
        }
        if (!messages.isEmpty()) {
            to.accept(messages);
        }
    }

    private void add(NetlinkFrame frame, List<NetlinkMessage> messages) {
        NetlinkMessage message = frame.message();
        interrupted |= (message.flags() & NetlinkMessage.NLM_F_DUMP_INTR) != 0;
        switch (message.type()) {
            case NetlinkFrame.NLMSG_ERROR -> {
                done = true;
                NetlinkResult.Answer answer = frame.answer();
                refuse(answer.errno(), answer.text());
            }
            case NetlinkFrame.NLMSG_DONE -> {
                done = true;
                refuse(frame.doneErrno(), "");
            }
            default -> messages.add(message);
        }
    }

    private void refuse(int errno, String text) {
        if (errno != 0) {
            throw new LinuxException(errno, "recvmsg", tried, text);
        }
    }

    boolean done() {
        return done;
    }

    /** Whether the table changed meanwhile, so that entries may be missing or doubled. */
    boolean interrupted() {
        return interrupted;
    }
}
