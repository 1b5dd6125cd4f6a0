// What else a test expects of a packet than how it ends.

import NetfilterModel
import Simulator

/// One end of a packet; no port means any.
public struct FlowEnd: Hashable, Sendable {
  /// The address.
  public var address: IPAddress
  /// The port.
  public var port: UInt16?
}

/// Something that is expected of a packet's way.
public enum FlowDetail: Hashable, Sendable {
  /// The ends of the packet after all NAT.
  case ends(FlowEnd, FlowEnd)
  /// Where it was decided.
  case at(FlowPlace)
  /// Places that it hits, in this order.
  case via([FlowPlace])
  /// Places that it does not hit.
  case notVia([FlowPlace])
  /// Its conntrack state, as `--ctstate` names it.
  case state(String)
  /// Its mark in the end, compared under a mask.
  case mark(UInt32, mask: UInt32)
  /// Why the host dropped it.
  case because(DropCause)

  /// The places that are named.
  var places: [FlowPlace] {
    switch self {
    case .at(let place): [place]
    case .via(let places), .notVia(let places): places
    default: []
    }
  }
}

/// A detail as it was written.
public struct WrittenDetail: Hashable, Sendable {
  /// The detail.
  public var detail: FlowDetail
  /// Its words.
  public var text: String
  /// Where it stands.
  public var range: SourceRange
}
