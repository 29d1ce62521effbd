package io.liblink.routing;

import io.liblink.message.NodeId;
import java.nio.charset.StandardCharsets;

/**
 * Highest random weight (Thaler and Ravishankar, 1998): every pair of a key and an instance has a score,
 * the same on every node and in every language, and the instance with the highest wins. When one goes, only
 * its keys move. The hash is defined in {@code spec/selectors.md}.
 */
final class Rendezvous {
  private Rendezvous() {}

  /** FNV-1a of the bytes, then the finalizer of MurmurHash3: short keys must spread, too. */
  static long hash(byte[] key) {
    long h = 0xCBF29CE484222325L;
    for (byte b : key) {
      h = (h ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(h);
  }

  static long hash(String key) {
    return hash(key.getBytes(StandardCharsets.UTF_8));
  }

  static long hash(NodeId id) {
    return hash(id.toString());
  }

  /** The score of an instance for a key, both hashed. */
  static long score(long key, long instance) {
    return mix(key ^ Long.rotateLeft(instance, 32) * 0x9E3779B97F4A7C15L);
  }

  /**
   * The same where the instance has a weight: keys fall to it in proportion (Schindelhauer and Schomaker,
   * 2005). Lower is better.
   */
  static double weighted(long key, long instance, int weight) {
    double uniform = ((score(key, instance) >>> 11) + 0.5) * 0x1.0p-53;
    return -Math.log(uniform) / weight;
  }

  /** From 0 to 1, the same for the same key. */
  static double unit(long key) {
    return (mix(key + 0x9E3779B97F4A7C15L) >>> 11) * 0x1.0p-53;
  }

  private static long mix(long value) {
    long h = value;
    h = (h ^ (h >>> 33)) * 0xFF51AFD7ED558CCDL;
    h = (h ^ (h >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }
}
