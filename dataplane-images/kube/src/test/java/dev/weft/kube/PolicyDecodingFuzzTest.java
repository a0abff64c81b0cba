package dev.weft.kube;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** As {@link NodeDecodingFuzzTest}, for Pods, Namespaces, policies and their definitions. */
class PolicyDecodingFuzzTest {
    @FuzzTest
    void anyBytesReadOrAreRefused(byte[] bytes) {
        PolicyDecodingTest.readsOrIsRefused(bytes);
    }
}
