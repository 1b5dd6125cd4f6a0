// Runs the steps of a test, one after the other.

import NetfilterModel
import Simulator

/// One run of a test, on a host of its own: no connections, clock zero, fresh counters, limits and lists.
struct FlowExecution {
  let suite: FlowSuite
  let host: Host
  private var conversation = Conversation()
  /// The rules that are loaded now.
  private(set) var index: RuleIndex

  /// Makes a run in which matches that nothing here can decide say what `answers` has for them, in turn.
  init(suite: FlowSuite, answers: [Bool] = []) {
    self.suite = suite
    host = suite.host?.unusedCopy() ?? Host(name: "none")
    host.undecided.answers = answers
    index = suite.index ?? RuleIndex(host)
  }

  /// Whether nothing that follows can go another way here than there.
  func isLike(_ other: FlowExecution) -> Bool {
    conversation == other.conversation && host.undecided.isLeftOpen == other.host.undecided.isLeftOpen
      && host.hasSameState(as: other.host)
  }

  /// Does a step; the walk, where a packet walked.
  mutating func step(_ step: FlowStep, explains: Bool) throws(ConversationError) -> Walk? {
    guard let flow = try conversation.packet(of: step.action) else {
      switch step.action {
      case .wait(let duration): host.wait(nanoseconds: duration)
      case .flushConntrack: host.connections.flush()
      case .loadRules(let family, let path): try load(family, FlowPath.resolve(path, besides: step.range.file))
      case .packet, .reply, .again: break
      }
      return nil
    }
    let isLocal = flow.origin == .local
    var input: InterfaceName?
    if case .arrival(let name) = flow.origin { input = name }
    let packet = flow.packet.packet(isLocal: isLocal)
    let walk: Walk
    if explains {
      walk = input.map { host.receive(packet, on: $0) } ?? host.send(packet)
    } else {
      var observer = RecordingObserver()
      let end = host.walk(packet, input: input, observer: &observer)
      walk = Walk(events: observer.events, disposition: end)
    }
    conversation.record(flow, walk)
    return walk
  }

  private mutating func load(_ family: AddressFamily, _ path: String) throws(ConversationError) {
    guard let ruleset = suite.loads[FlowSuite.LoadKey(family: family, path: path)] else { return }
    do throws(CompileError) { try host.load(ruleset) } catch { throw ConversationError(message: error.description) }
    index = RuleIndex(host)
  }
}
