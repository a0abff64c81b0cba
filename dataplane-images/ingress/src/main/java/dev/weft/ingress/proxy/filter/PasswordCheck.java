package dev.weft.ingress.proxy.filter;

import dev.weft.ingress.proxy.filter.password.Htpasswd;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares passwords with hashes that are slow by design, on threads of its own and few at a time, and remembers the outcome:
 * clients send their password with each request. What is remembered is a digest with a salt that nobody knows.
 */
final class PasswordCheck {
    private static final int MAX_KNOWN = 4096;

    private final byte[] salt = new byte[32];
    private final Semaphore slots =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    private final Map<String, Boolean> known = Collections.synchronizedMap(new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > MAX_KNOWN;
        }
    });

    PasswordCheck() {
        new SecureRandom().nextBytes(salt);
    }

    /** The outcome, if it is known or quick to find; null if {@link #check} has to. */
    @Nullable
    Boolean known(String hash, String password) {
        return Htpasswd.isSlow(hash) ? known.get(key(hash, password)) : (Boolean) Htpasswd.matches(hash, password);
    }

    /** @param outcome is told by a thread of its own */
    void check(String hash, String password, Consumer<Boolean> outcome) {
        Thread.ofVirtual().name("password").start(() -> {
            boolean right = false;
            slots.acquireUninterruptibly();
            try {
                right = Htpasswd.matches(hash, password);
                known.put(key(hash, password), right);
            } finally {
                slots.release();
                outcome.accept(right);
            }
        });
    }

    private String key(String hash, String password) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(salt);
            digest.update(hash.getBytes(StandardCharsets.UTF_8));
            digest.update((byte) 0);
            return HexFormat.of().formatHex(digest.digest(password.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
