// Who puts fragments together, and what becomes of one.

import NetfilterModel

/// Who asks for whole datagrams; each has queues of its own (kernel: `enum ip_defrag_users`).
public enum DefragmentationUser: UInt8, Hashable, Sendable {
  /// Delivery to the host (`IP_DEFRAG_LOCAL_DELIVER`).
  case localDelivery = 0
  /// Tracking of what comes in (`IP_DEFRAG_CONNTRACK_IN`).
  case trackingInput = 2
  /// Tracking of what the host sends (`IP_DEFRAG_CONNTRACK_OUT`).
  case trackingOutput = 4
}

/// What became of a fragment.
public enum DefragmentationResult: Hashable, Sendable {
  /// It was the last one missing: the whole datagram, the interface it counts as received on, and where it came from.
  case complete(Packet, input: InterfaceName, origin: FragmentOrigin)
  /// It waits for the others.
  case queued
  /// It was dropped, perhaps with all that waited for it.
  case dropped
  /// It was dropped, and the sender is told which byte of it is wrong (IPv6, for local delivery).
  case problem(pointer: Int)
  /// It goes on as it is (IPv6).
  case passed
}
