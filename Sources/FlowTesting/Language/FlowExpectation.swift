// What a test expects of a packet: how it ends, and details of its way.

import NetfilterModel
import Simulator

/// How a packet is expected to end.
public enum FlowVerdict: Hashable, Sendable {
  /// The host itself takes it.
  case deliver
  /// It goes through, out on an interface; nil for any.
  case forward(InterfaceName?)
  /// The host sends it, out on an interface; nil for any.
  case send(InterfaceName?)
  /// A rule, a policy or the host drops it without an answer from a rule.
  case drop
  /// A rule rejects it; nil for any answer.
  case reject(RejectKind?)
  /// It goes to a user-space queue.
  case queue
  /// It is a fragment that waits for the others.
  case held
  /// Nothing here can decide it.
  case unknown
}

/// A place in the rules as a test names it.
public enum FlowPlace: Hashable, Sendable {
  /// Anywhere in a chain.
  case chain(TableKind, String)
  /// A rule of a chain, from 1.
  case rule(TableKind, String, Int)
  /// The policy of a built-in chain.
  case policy(TableKind, String)
  /// A rule with a comment.
  case comment(String)
  /// A rule by its line in the rule file.
  case line(Int)
}

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

/// What is expected of a packet.
public struct FlowExpectation: Hashable, Sendable {
  /// How it ends.
  public var verdict: FlowVerdict
  /// The words of the verdict.
  public var verdictText: String
  /// What else is expected.
  public var details: [WrittenDetail] = []
  /// Where it stands.
  public var range: SourceRange

  /// All its words.
  public var text: String { ([verdictText] + details.map { $0.text }).joined(separator: " ") }
}
