package dev.weft.kube;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** As {@link NodeDecodingFuzzTest}, for Services and EndpointSlices. */
class ServiceDecodingFuzzTest {
    @FuzzTest
    void anyBytesReadOrAreRefused(byte[] bytes) {
        ServiceDecodingTest.readsOrIsRefused(bytes);
    }
}
