// One step as text: a packet, a packet that follows another, or time that passes.

import NetfilterModel
import Simulator

/// Reads single steps, as they are given on a command line.
public enum PacketText {
  /// Reads a step (`in on eth0 tcp 198.51.100.7:40000 > 203.0.113.1:80 [S]`, `reply [S.]`, `wait 30s`).
  ///
  /// - Throws: `FlowError` when the text is not one step.
  public static func step(_ text: String, file: String = "packet") throws(FlowError) -> FlowStep {
    let document = FlowParser.parse(text, file: file)
    if document.hasErrors { throw FlowError(document.diagnostics) }
    guard document.statements.count == 1, let step = document.steps.first else {
      throw FlowError([
        Diagnostic(
          .notAStep, at: SourceRange(file: file, line: 1, column: 1, length: max(1, text.count)),
          "expected one packet, `reply`, `again` or `wait`",
          sourceLine: text.contains(where: { $0.isNewline }) ? "" : text)
      ])
    }
    return step
  }

  /// Reads a packet that arrives (`in on ...`) or that the host sends (`local ...`).
  ///
  /// - Returns: the packet with lengths and checksums, and the interface that it arrives on, nil when the host sends it.
  /// - Throws: `FlowError` when the text is not a packet.
  public static func packet(_ text: String, file: String = "packet") throws(FlowError) -> (
    packet: Packet, input: InterfaceName?
  ) {
    guard case .packet(let flow) = try step(text, file: file).action else {
      throw FlowError([
        Diagnostic(
          .notAPacket, at: SourceRange(file: file, line: 1, column: 1, length: max(1, text.count)),
          "expected a packet: `in on INTERFACE ...` or `local ...`", sourceLine: text)
      ])
    }
    if flow.packet.quotesLast {
      throw FlowError([
        Diagnostic(
          .notAPacket, at: SourceRange(file: file, line: 1, column: 1, length: max(1, text.count)),
          "`quote` needs a packet before this one", sourceLine: text)
      ])
    }
    switch flow.origin {
    case .arrival(let interface): return (flow.wholePacket, interface)
    case .local: return (flow.wholePacket, nil)
    }
  }
}
