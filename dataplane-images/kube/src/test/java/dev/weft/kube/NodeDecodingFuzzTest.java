package dev.weft.kube;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Coverage-guided search for bytes that break the decoders. Not part of the normal run, because starting the fuzzer takes
 * 20 s and the seeded mutations of {@link NodeDecodingTest} hold the same law; see the README.
 */
class NodeDecodingFuzzTest {
    @FuzzTest
    void anyBytesReadOrAreRefused(byte[] bytes) {
        NodeDecodingTest.readsOrIsRefused(bytes);
    }
}
