package dev.tandem.measure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.SplittableRandom;

/**
 * One seed for a whole experiment, and an independent stream for each named use of it: adding a use never shifts the
 * numbers another one draws.
 */
public final class Seeds {

    private Seeds() {}

    /** The stream of this use; equal arguments give equal streams on every machine. */
    public static SplittableRandom stream(long seed, String use) {
        byte[] digest = sha256((seed + "/" + use).getBytes(StandardCharsets.UTF_8));
        return new SplittableRandom(ByteBuffer.wrap(digest).getLong());
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
