// What a test expects of a packet: how it ends, and details of its way.

import NetfilterModel
import Simulator

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
