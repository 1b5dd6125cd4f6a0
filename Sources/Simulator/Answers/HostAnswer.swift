// What an answer of the host can be.

import NetfilterModel

/// What the host has to say about a packet.
enum HostAnswer: Hashable, Sendable {
  /// Nothing.
  case none
  /// A packet, ready to be routed and to walk OUTPUT.
  case packet([UInt8])
  /// An ICMP error about `bytes`, to be built by `ICMPAnswers.error` once routing has a source address and `ICMPRateLimiter` agrees.
  case icmpError(type: ICMPType, code: ICMPCode, about: [UInt8])
  /// Nothing here can decide it; the text says why.
  case unknown(String)

  /// Its IP timestamp option needs the time of day.
  static let unknownTimestamp = HostAnswer.unknown("the time of day for an IP timestamp option is not known")
}
