// How a packet ended, as a program compares it and a person reads it.

import NetfilterModel
import Simulator

/// How a packet ended, and who decided. It is compared with what a test may expect: `walk.verdict == .drop`.
public struct FlowEnding: Hashable, Sendable, CustomStringConvertible {
  /// How it ended; for a packet through loopback, how it ended on the way back in.
  public let disposition: Disposition
  /// How it ended when it left.
  let first: Disposition
  /// The rule, policy or reason that decided, and what stands there: `filter/INPUT#2 -p tcp -j DROP`; nil where none was asked.
  public let decidedBy: String?
  /// `file:line` of the rule, or nil where it is not known.
  public let location: String?

  init(_ passage: FlowPassage, _ index: RuleIndex) {
    disposition = passage.end
    first = passage.firstEnd
    let decider = passage.decider ?? passage.deciders.last
    decidedBy = decider.map { place in
      // The text of a policy says that it is one.
      let name = index.name(place)
      return (index.rule(place) == nil && name.hasSuffix(" policy") ? String(name.dropLast(7)) : name) + " "
        + index.text(place)
    }
    location = decider.flatMap { index.location($0) }
  }

  /// Whether the packet ended so; an interface or an answer that is not named may be any.
  public static func == (ending: FlowEnding, verdict: FlowVerdict) -> Bool {
    FlowCheck.fits(ending.disposition, first: ending.first, verdict)
  }

  /// Whether the packet ended otherwise.
  public static func != (ending: FlowEnding, verdict: FlowVerdict) -> Bool { !(ending == verdict) }

  /// `drop by filter/INPUT#2 -p tcp -j DROP (gw.rules:12)`.
  public var description: String {
    var text = FlowPassage.verdict(disposition)
    if let decidedBy { text += " by \(decidedBy)" }
    if let location { text += " (\(location))" }
    if case .unknown(_, let reason) = disposition { text += ": \(reason)" }
    return text
  }
}
