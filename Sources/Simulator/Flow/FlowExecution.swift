// Runs the steps of a test, one after the other.

import NetfilterModel

/// One run of a test, on a host of its own: no connections, clock zero, fresh counters, limits and lists.
struct FlowExecution {
  let suite: FlowSuite
  let host: Host
  private var conversation = Conversation()
  private var cachedIndex: RuleIndex?

  /// Makes a run in which matches that nothing here can decide say what `answers` has for them, in turn.
  init(suite: FlowSuite, answers: [Bool] = []) {
    self.suite = suite
    host = suite.host?.unusedCopy() ?? Host(name: "none")
    host.undecided.answers = answers
    cachedIndex = suite.index
  }

  /// Whether nothing that follows can go another way here than there.
  func isLike(_ other: FlowExecution) -> Bool {
    conversation == other.conversation && host.undecided.isLeftOpen == other.host.undecided.isLeftOpen
      && host.hasSameState(as: other.host)
  }

  /// The rules that are loaded now.
  var index: RuleIndex { cachedIndex ?? RuleIndex(host) }

  /// Does a step; the walk, where a packet walked.
  mutating func step(_ step: FlowStep, explains: Bool) throws(ConversationError) -> Walk? {
    let flow: FlowPacket
    switch step.action {
    case .packet(let packet): flow = packet
    case .reply(let followUp): flow = try conversation.reply(followUp)
    case .again(let followUp): flow = try conversation.again(followUp)
    case .wait(let duration):
      host.wait(nanoseconds: duration)
      return nil
    case .flushConntrack:
      host.connections.flush()
      return nil
    case .loadRules(let family, let path):
      let key = FlowSuite.LoadKey(family: family, path: FlowPath.resolve(path, besides: step.range.file))
      if let ruleset = suite.loads[key] {
        do throws(CompileError) { try host.load(ruleset) } catch {
          throw ConversationError(message: error.description)
        }
      }
      cachedIndex = nil
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
}
