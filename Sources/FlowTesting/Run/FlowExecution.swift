// Runs the steps of a test, one after the other.

import NetfilterModel
import Simulator

/// A run of a test as far as it has come, on a host of its own. A value: a copy goes its own way.
struct FlowExecution {
  private let loads: [RuleFileKey: CompiledRules]
  private(set) var host: LinuxHost
  /// The rules that are loaded now.
  private(set) var index: RuleIndex

  /// Makes a run before its first step: no connections, clock zero, fresh counters, limits and lists.
  init(suite: borrowing FlowSuite) {
    let host = suite.host ?? LinuxHost(name: "none")
    loads = suite.loads
    index = suite.index ?? RuleIndex(host)
    self.host = host
  }

  /// Whether nothing that follows can go another way here than there; counters do not count.
  func isLike(_ other: FlowExecution) -> Bool { host.isLike(other.host) }

  /// What a step came to.
  struct Outcome {
    /// The packet's way; nil where the step is none of a packet.
    var passage: FlowPassage?
    /// The whole walk, when it is to be explained.
    var walk: Walk?
    /// Whether a match stayed undecided, as no answer was left for it.
    var isLeftOpen = false
    /// That match, as `iptables-save` prints it.
    var openMatch: String?
  }

  /// Does a step; matches that nothing here can decide are answered with `answers`, in turn.
  mutating func step(
    _ step: FlowStep, answers: [Bool] = [], explains: Bool
  ) throws(ConversationError) -> Outcome {
    guard let flow = try host.conversation.packet(of: step.action) else {
      switch step.action {
      case .wait(let duration): host.wait(nanoseconds: duration)
      case .flushConntrack: host.flushConnections()
      case .seed(let number): host.seedRandom(number)
      case .at(let seconds): host.wallClock = seconds
      case .loadRules: if let key = RuleFileKey(step) { load(key) }
      case .packet, .reply, .again: break
      }
      return Outcome()
    }
    var input: InterfaceName?
    if case .arrival(let name) = flow.origin { input = name }
    let packet = flow.wholePacket
    host.chosen = ChosenAnswers(answers)
    defer { host.chosen = ChosenAnswers() }
    if explains {
      let walk = if let input { host.receive(packet, on: input) } else { host.send(packet) }
      host.conversation.record(flow, walk)
      return Outcome(
        passage: FlowPassage(walk), walk: walk, isLeftOpen: host.chosen.isLeftOpen, openMatch: host.chosen.openMatch)
    }
    let (passage, sightings) = host.follow(packet, input: input)
    host.conversation.record(flow, passage.firstEnd, sightings)
    return Outcome(passage: passage, isLeftOpen: host.chosen.isLeftOpen, openMatch: host.chosen.openMatch)
  }

  private mutating func load(_ key: RuleFileKey) {
    guard let rules = loads[key] else { return }
    host.load(rules)
    index = RuleIndex(host)
  }
}
