package io.liblink.wire;

import java.lang.reflect.Method;

/** Bytes allocated, as HotSpot counts them; by reflection, since the module does not require it. */
final class Allocated {
  private static final Object BEAN;
  private static final Method COUNT;

  static {
    try {
      BEAN = Class.forName("java.lang.management.ManagementFactory")
          .getMethod("getThreadMXBean")
          .invoke(null);
      COUNT = Class.forName("com.sun.management.ThreadMXBean")
          .getMethod("getThreadAllocatedBytes", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private Allocated() {}

  static long byThisThread() {
    try {
      return (long) COUNT.invoke(BEAN, Thread.currentThread().getId());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
