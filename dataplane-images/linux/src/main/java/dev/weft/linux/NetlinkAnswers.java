package dev.weft.linux;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sorts what comes back to the messages of a request, by sequence number. What belongs to none of them is dropped. */
final class NetlinkAnswers {
    private final int first;
    private final NetlinkResult.@Nullable Answer[] answers;
    private final List<List<NetlinkMessage>> data = new ArrayList<>();

    NetlinkAnswers(int firstSequence, int count) {
        first = firstSequence;
        answers = new NetlinkResult.Answer[count];
        for (int i = 0; i < count; i++) {
            data.add(List.of());
        }
    }

    void add(NetlinkFrame frame) {
        int index = frame.sequence() - first;
        if (index < 0 || index >= answers.length) {
            return;
        }
        switch (frame.message().type()) {
            case NetlinkFrame.NLMSG_ERROR -> {
                // A batch that fails at its commit has an error for a message that was acknowledged before.
                NetlinkResult.Answer answer = frame.answer();
                NetlinkResult.Answer known = answers[index];
                if (known == null || known.errno() == 0) {
                    answers[index] = answer;
                }
            }
            default -> {
                // Numbers below NLMSG_MIN_TYPE are control messages, such as NLMSG_NOOP.
                if (frame.message().type() < NetlinkFrame.NLMSG_MIN_TYPE) {
                    return;
                }
                if (data.get(index).isEmpty()) {
                    data.set(index, new ArrayList<>());
                }
                data.get(index).add(frame.message());
            }
        }
    }

    boolean answered(int index) {
        return answers[index] != null;
    }

    boolean missing() {
        for (NetlinkResult.Answer answer : answers) {
            if (answer == null) {
                return true;
            }
        }
        return false;
    }

    boolean refused() {
        for (NetlinkResult.Answer answer : answers) {
            if (answer != null && answer.errno() != 0) {
                return true;
            }
        }
        return false;
    }

    /** One result for each message; without an answer it counts as done. */
    List<NetlinkResult> results() {
        List<NetlinkResult> results = new ArrayList<>(answers.length);
        for (int i = 0; i < answers.length; i++) {
            NetlinkResult.Answer answer = answers[i];
            results.add(new NetlinkResult(answer == null ? NetlinkResult.Answer.OK : answer, data.get(i)));
        }
        return results;
    }
}
