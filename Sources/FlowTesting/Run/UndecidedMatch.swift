// What both answers of a match that nothing here can decide lead to, and the line that settles it.

import NetfilterModel
import Simulator

/// A match at which a packet's walk ended as nothing here can decide it, and how the packet can end with each answer.
public struct UndecidedMatch: Hashable, Sendable {
  /// The match as `iptables-save` prints it, without `-m`.
  public var match: String
  /// How the packet can end when it matches, each end once; more than one where further matches cannot be decided.
  public var ifItMatches: [Disposition]
  /// How the packet can end when it does not match, each end once.
  public var ifItDoesNot: [Disposition]

  /// How many ways are followed for each answer; behind them the packet stays unknown.
  static let mostWays = 64

  /// Walks a packet through copies of a host with each answer; nil when no match leaves it undecided.
  ///
  /// - Parameters:
  ///   - host: the host before the packet.
  ///   - input: where the packet arrives; nil when the host sends it.
  public init?(_ packet: Packet, input: InterfaceName?, on host: LinuxHost) {
    self.init { answers in
      var copy = host
      copy.chosen = ChosenAnswers(answers)
      let walk = copy.record(packet, input: input)
      return (FlowPassage(walk).end, copy.chosen.openMatch)
    }
  }

  /// Tries answers: `walk` says how the packet ends with some, and which match they leave open.
  init?(_ walk: ([Bool]) -> (end: Disposition, open: String?)?) {
    guard let (end, open) = walk([]), case .unknown = end, let open else { return nil }
    match = open
    ifItMatches = []
    ifItDoesNot = []
    ifItMatches = UndecidedMatch.ends(behind: true, walk)
    ifItDoesNot = UndecidedMatch.ends(behind: false, walk)
  }

  private static func ends(behind answer: Bool, _ walk: ([Bool]) -> (end: Disposition, open: String?)?) -> [Disposition]
  {
    var ends: [Disposition] = []
    var pending = [[answer]]
    var ways = 0
    while let answers = pending.popLast(), let (end, open) = walk(answers) {
      if case .unknown = end, open != nil, ways + pending.count + 2 <= mostWays {
        pending += [answers + [false], answers + [true]]
        continue
      }
      ways += 1
      if !ends.contains(end) { ends.append(end) }
    }
    return ends
  }

  /// The line of a host's description that settles it; `no` in place of `yes` says the opposite.
  public var assumption: String { "assume \(match) yes" }

  /// `delivered if it matches, dropped by filter/INPUT policy if it does not`, or `delivered either way`.
  public var bothWays: String {
    let (yes, no) = (UndecidedMatch.words(ifItMatches), UndecidedMatch.words(ifItDoesNot))
    return yes == no ? "\(yes) either way" : "\(yes) if it matches, \(no) if it does not"
  }

  /// Both ways and the line that settles it, whole where it fits: rows for the end of a trace.
  package func text(_ report: TextReport, on host: LinuxHost) -> String {
    report.rows(
      [
        (name: "both ways", text: bothWays),
        (name: "settled by", text: "a line of the host's file, or --assume (yes or no):"),
      ], on: host)
      + Style.wrap(assumption, room: report.style.width - 6).map { "      \($0)\n" }.joined()
  }

  private static func words(_ ends: [Disposition]) -> String {
    ends.map { $0.description }.sorted().joined(separator: " or ")
  }
}
