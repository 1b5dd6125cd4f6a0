// What is wrong with a line of the flow language.

import NetfilterModel
import Simulator

/// What is wrong with a line, before its source line is known.
struct FlowProblem: Error {
  var id: DiagnosticID
  var range: FlowSpan
  var message: String
  var help: String?

  init(_ id: DiagnosticID, _ range: FlowSpan, _ message: String, help: String? = nil) {
    self.id = id
    self.range = range
    self.message = message
    self.help = help
  }
}
