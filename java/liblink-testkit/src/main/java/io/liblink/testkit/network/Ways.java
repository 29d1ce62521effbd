package io.liblink.testkit.network;

import io.liblink.message.Address;
import io.liblink.message.NodeId;

/** The addresses at which the nodes of a test cluster see each other. */
public interface Ways {
  /** The address at which one node reaches that run of another. */
  Address way(String from, String to, NodeId run, Address target);

  /** The run of that node has ended: nobody will dial it any more. */
  void forget(NodeId run);

  /** Each node as it is, with nothing in between. */
  static Ways direct() {
    return new Ways() {
      @Override
      public Address way(String from, String to, NodeId run, Address target) {
        return target;
      }

      @Override
      public void forget(NodeId run) {
        // Nothing was made for it.
      }
    };
  }
}
