package dev.weft.cni.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** Whatever bytes come, the parser gives a request or a {@link CniException}. Runs when asked for: see the README. */
class RequestFuzzTest {
    @FuzzTest(maxDuration = "60s")
    void requests(byte[] message) {
        RequestParser.versionForErrors(message);
        try {
            RequestParser.parse(message);
        } catch (CniException e) {
            if (e.text().isBlank()) {
                throw new AssertionError("a failure without a sentence", e);
            }
        }
    }
}
