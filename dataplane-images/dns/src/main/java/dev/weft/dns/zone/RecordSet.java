package dev.weft.dns.zone;

import java.util.List;

/**
 * The records of one type at a name, with what goes into the additional section.
 *
 * @param type of the answers
 * @param answers never empty
 * @param glue addresses of names in the answers
 */
record RecordSet(int type, List<ResourceRecord> answers, List<ResourceRecord> glue) {
    /** The header's counts are 16 bits wide, and so is a message's length over TCP: more would never be seen. */
    private static final int MOST = 65535;

    RecordSet {
        answers = List.copyOf(answers.size() > MOST ? answers.subList(0, MOST) : answers);
        glue = List.copyOf(glue.size() > MOST ? glue.subList(0, MOST) : glue);
        if (answers.isEmpty()) {
            throw new IllegalArgumentException("no records of type " + type);
        }
    }

    static RecordSet of(int type, List<ResourceRecord> answers) {
        return new RecordSet(type, answers, List.of());
    }
}
