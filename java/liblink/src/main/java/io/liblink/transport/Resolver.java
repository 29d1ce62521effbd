package io.liblink.transport;

import io.liblink.message.Address;
import io.liblink.status.LinkException;
import io.liblink.status.Stage;
import io.liblink.status.Status;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Host names to addresses, off the event loops, because the system's resolver blocks. At most two
 * look-ups at once and {@value #WAITING} waiting; more fail with RESOURCE_EXHAUSTED. Answers are kept
 * by the JDK as its security property {@code networkaddress.cache.ttl} says.
 */
final class Resolver {
  private static final int WAITING = 256;

  private final ThreadPoolExecutor threads;

  Resolver(String node) {
    threads = new ThreadPoolExecutor(
        2, 2, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(WAITING), task -> {
          Thread t = new Thread(task, "liblink-" + node + "-resolver");
          t.setDaemon(true);
          return t;
        });
    threads.allowCoreThreadTimeOut(true);
  }

  CompletableFuture<List<InetSocketAddress>> resolve(Address address) {
    String host = address.host();
    if (NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host)) {
      return CompletableFuture.completedFuture(List.of(address.resolve()));
    }
    CompletableFuture<List<InetSocketAddress>> result = new CompletableFuture<>();
    try {
      threads.execute(() -> lookUp(address, result));
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(LinkException.failure(
              Status.RESOURCE_EXHAUSTED, Stage.CONNECT, "too many host names are being looked up")
          .address(address.toString())
          .build());
    }
    return result;
  }

  private static void lookUp(Address address, CompletableFuture<List<InetSocketAddress>> result) {
    try {
      result.complete(Arrays.stream(InetAddress.getAllByName(address.host()))
          .limit(8)
          .map(a -> new InetSocketAddress(a, address.port()))
          .toList());
    } catch (UnknownHostException e) {
      result.completeExceptionally(LinkException.failure(
              Status.UNAVAILABLE,
              Stage.CONNECT,
              "the host name '" + address.host() + "' is not known here")
          .address(address.toString())
          .cause(e)
          .withoutStackTrace()
          .build());
    }
  }

  void close() {
    threads.shutdownNow();
  }
}
