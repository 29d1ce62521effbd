package io.liblink.identity.trust;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The certificates whose signature was found good, by their SHA-256, the last 1,024 used. Only the
 * signature is remembered: time, profile and name are judged at every meeting. Thread-safe.
 */
final class Verified {
  private static final int MOST = 1024;

  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by {@link #lock}. Grows with what is seen, up to {@link #MOST}. */
  private final Map<String, Boolean> seen = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
      return size() > MOST;
    }
  };

  /** The SHA-256 of a certificate, one character for each byte. */
  static String fingerprint(byte[] der) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(der);
      return new String(hash, StandardCharsets.ISO_8859_1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime lacks SHA-256", e);
    }
  }

  boolean contains(String print) {
    lock.lock();
    try {
      return seen.get(print) != null;
    } finally {
      lock.unlock();
    }
  }

  void add(String print) {
    lock.lock();
    try {
      seen.put(print, Boolean.TRUE);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return seen.size();
    } finally {
      lock.unlock();
    }
  }
}
