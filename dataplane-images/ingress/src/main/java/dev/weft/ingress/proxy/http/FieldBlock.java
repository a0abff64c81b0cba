package dev.weft.ingress.proxy.http;

import java.util.Arrays;

/** Fields that are added to many messages, ready to be copied. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record FieldBlock(byte[] bytes, int[] index) {
    /** Of fields that hold nothing else. */
    public static FieldBlock of(Fields fields) {
        return new FieldBlock(Arrays.copyOf(fields.bytes(), fields.end()), fields.indexes());
    }
}
