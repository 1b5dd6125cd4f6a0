// A host that takes packets as text.

import NetfilterModel
import Simulator

extension LinuxHost {
  /// Walks a packet that is given as text: `in on wan tcp 198.51.100.7:5000 > 203.0.113.2:443`, `local ...`, and what follows the last
  /// such packet, `reply [S.]` and `again`.
  ///
  /// The host remembers the conversation; a copy of the host has one of its own. What is expected may stand behind `=>`. A match that
  /// nothing here can decide ends the packet as `unknown`.
  /// - Throws: `FlowError` with a place in the text, when it is no packet, when there is no such interface, or when nothing follows from the
  ///   last packet.
  @discardableResult
  public mutating func walk(_ text: String) throws(FlowError) -> FlowWalk {
    let step = try PacketText.step(text)
    func wrong(_ id: DiagnosticID, _ message: String, _ help: String? = nil) -> FlowError {
      let isOneLine = !text.contains(where: { $0.isNewline })
      return FlowError([
        Diagnostic(
          id, at: SourceRange(file: step.range.file, line: 1, column: 1, length: isOneLine ? max(1, text.count) : 1),
          message,
          help: help, sourceLine: isOneLine ? text : "")
      ])
    }
    let next: FlowPacket?
    do throws(ConversationError) { next = try conversation.packet(of: step.action) } catch {
      throw wrong(.nothingFollows, error.message)
    }
    guard let flow = next else {
      throw wrong(.notAPacket, "this is no packet", "let time pass with `wait(nanoseconds:)`")
    }
    if let name = flow.output, flow.hint == nil, interface(name) == nil {
      throw wrong(
        .unknownInterface, "there is no interface `\(name)`",
        "the host has " + interfaces.map { $0.name.description }.joined(separator: ", "))
    }
    if flow.hint != nil { throw wrong(.unexpectedWord, "the host's routes say where the packet goes") }
    let walk: Walk
    switch flow.origin {
    case .arrival(let input):
      guard interface(input) != nil else {
        throw wrong(
          .unknownInterface, "there is no interface `\(input)`",
          "the host has " + interfaces.map { $0.name.description }.joined(separator: ", "))
      }
      walk = receive(flow.wholePacket, on: input)
    case .local: walk = send(flow.wholePacket)
    }
    conversation.record(flow, walk)
    return FlowWalk(walk, of: step, named: text, on: self)
  }
}

extension FlowWalk {
  fileprivate init(_ walk: Walk, of step: FlowStep, named name: String, on host: LinuxHost) {
    let index = RuleIndex(host)
    let passage = FlowPassage(walk)
    self.walk = walk
    verdict = FlowEnding(passage, index)
    packet = passage.packet
    state = passage.state
    let mismatches = step.expectation.map { FlowCheck(index: index).mismatches(passage, $0) } ?? []
    firstFailure =
      mismatches.isEmpty
      ? nil
      : FlowFailure(
        test: name, range: step.range,
        message: mismatches.map { "expected \($0.expected), got \($0.got)" }.joined(separator: "; "),
        explanation: FailureExplainer(
          host: host, index: index, walk: walk, end: nil, expectation: step.expectation, mismatches: mismatches
        ).explanation())
  }
}
