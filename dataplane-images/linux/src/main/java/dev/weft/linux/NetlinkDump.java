package dev.weft.linux;

import java.util.ArrayList;
import java.util.List;

/** The pieces of one dump as they come in. */
final class NetlinkDump {
    private final int sequence;
    private final List<NetlinkMessage> messages = new ArrayList<>();
    private boolean interrupted;
    private boolean done;

    NetlinkDump(int sequence) {
        this.sequence = sequence;
    }

    /**
     * Takes what one read brought.
     *
     * @throws LinuxException if the kernel refused the dump or broke it off
     */
    void addAll(List<NetlinkFrame> frames) {
        for (NetlinkFrame frame : frames) {
            if (frame.sequence() == sequence && !done) {
                add(frame);
            }
        }
    }

    private void add(NetlinkFrame frame) {
        NetlinkMessage message = frame.message();
        interrupted |= (message.flags() & NetlinkMessage.NLM_F_DUMP_INTR) != 0;
        switch (message.type()) {
            case NetlinkFrame.NLMSG_ERROR -> {
                NetlinkResult.Answer answer = frame.answer();
                refuse(answer.errno(), answer.text());
                done = true;
            }
            case NetlinkFrame.NLMSG_DONE -> {
                refuse(frame.doneErrno(), "");
                done = true;
            }
            default -> messages.add(message);
        }
    }

    private static void refuse(int errno, String text) {
        if (errno != 0) {
            throw new LinuxException(errno, "netlink dump", "read a dump", text);
        }
    }

    boolean done() {
        return done;
    }

    /** Whether the table changed meanwhile, so that entries may be missing or doubled. */
    boolean interrupted() {
        return interrupted;
    }

    List<NetlinkMessage> messages() {
        return List.copyOf(messages);
    }
}
