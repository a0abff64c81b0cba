package dev.weft.ingress.proxy.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** Bytes that are put together before they are sent. One an event loop, used again and again. */
public final class Bytes {
    private byte[] array = new byte[4096];
    private int length;

    public Bytes clear() {
        length = 0;
        return this;
    }

    public int length() {
        return length;
    }

    public byte[] array() {
        return array;
    }

    public Bytes put(byte[] bytes) {
        return put(bytes, 0, bytes.length);
    }

    public Bytes put(byte[] bytes, int start, int end) {
        int n = end - start;
        ensure(n);
        System.arraycopy(bytes, start, array, length, n);
        length += n;
        return this;
    }

    public Bytes put(byte value) {
        ensure(1);
        array[length++] = value;
        return this;
    }

    /** Latin-1; what is outside of it becomes a question mark. */
    @SuppressWarnings("deprecation") // The only way that copies without an array in between.
    public Bytes put(String text) {
        int n = text.length();
        ensure(n);
        text.getBytes(0, n, array, length);
        length += n;
        return this;
    }

    /** In decimal. */
    public Bytes put(long number) {
        if (number < 10 && number >= 0) {
            return put((byte) ('0' + number));
        }
        return put(Long.toString(number));
    }

    public Bytes hex(long number) {
        int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4);
        ensure(digits);
        for (int i = digits - 1; i >= 0; i--) {
            int digit = (int) (number >>> (4 * i)) & 15;
            array[length++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        return this;
    }

    /** Sixteen digits. */
    public Bytes hex16(long number) {
        ensure(16);
        for (int i = 15; i >= 0; i--) {
            int digit = (int) (number >>> (4 * i)) & 15;
            array[length++] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
        }
        return this;
    }

    public void writeTo(ByteBuf out) {
        out.writeBytes(array, 0, length);
    }

    private void ensure(int more) {
        if (length + more > array.length) {
            array = Arrays.copyOf(array, Math.max(array.length * 2, length + more));
        }
    }
}
