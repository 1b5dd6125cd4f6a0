// A datagram of which fragments did not come in time.

import NetfilterModel

/// What is left of a datagram whose time is over.
struct ExpiredDatagram {
  /// Who waited for it.
  var user: DefragmentationUser
  /// Where its last fragment came in; none for one of the host's own.
  var input: InterfaceName
  /// Its first fragment, if that came.
  var first: Packet?
  /// When its time was over, in nanoseconds.
  var time: UInt64
}
