// Runs the steps of a test, one after the other.

import NetfilterModel
import Simulator

/// A run of a test as far as it has come, on a host of its own. A value: a copy goes its own way.
struct FlowExecution {
  let suite: FlowSuite
  private(set) var host: LinuxHost
  private var conversation = Conversation()
  /// The rules that are loaded now.
  private(set) var index: RuleIndex

  /// Makes a run before its first step: no connections, clock zero, fresh counters, limits and lists.
  init(suite: FlowSuite) {
    self.suite = suite
    host = suite.host ?? LinuxHost(name: "none")
    index = suite.index ?? RuleIndex(host)
  }

  /// Whether a packet may come to a match that nothing here can decide.
  var mayBeUndecided: Bool { host.configuration.mayBeUndecided }

  /// Whether nothing that follows can go another way here than there; counters do not count.
  func isLike(_ other: FlowExecution) -> Bool {
    conversation == other.conversation && host.isLike(other.host)
  }

  /// What a step came to.
  struct Outcome {
    /// The walk; nil where the step is none of a packet.
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
    guard let flow = try conversation.packet(of: step.action) else {
      switch step.action {
      case .wait(let duration): host.wait(nanoseconds: duration)
      case .flushConntrack: host.flushConnections()
      case .loadRules(let family, let path): try load(family, FlowPath.resolve(path, besides: step.range.file))
      case .packet, .reply, .again: break
      }
      return Outcome()
    }
    let isLocal = flow.origin == .local
    var input: InterfaceName?
    if case .arrival(let name) = flow.origin { input = name }
    let packet = flow.packet.packet(isLocal: isLocal)
    host.chosen = ChosenAnswers(answers)
    let walk: Walk
    if explains {
      walk = if let input { host.receive(packet, on: input) } else { host.send(packet) }
    } else {
      walk = host.record(packet, input: input)
    }
    let chosen = host.chosen
    host.chosen = ChosenAnswers()
    conversation.record(flow, walk)
    return Outcome(walk: walk, isLeftOpen: chosen.isLeftOpen, openMatch: chosen.openMatch)
  }

  private mutating func load(_ family: AddressFamily, _ path: String) throws(ConversationError) {
    guard let ruleset = suite.loads[FlowSuite.LoadKey(family: family, path: path)] else { return }
    do throws(RulesetRefusal) { try host.load(ruleset) } catch { throw ConversationError(message: error.description) }
    index = RuleIndex(host)
  }
}
