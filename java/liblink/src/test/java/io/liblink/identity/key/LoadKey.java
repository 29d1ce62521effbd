package io.liblink.identity.key;

/** A process that loads the user's key when it is told to, and says which it got. */
final class LoadKey {
  private LoadKey() {}

  /** Waits for a line. */
  public static void main(String[] args) throws Exception {
    System.out.println("ready");
    if (System.in.read() >= 0) {
      KeySource source = KeySource.ofUser("shop", System.getenv());
      System.out.println(source.load().keys().get(0).fingerprint());
    }
  }
}
