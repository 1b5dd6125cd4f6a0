// A text that could not be read.

import NetfilterModel
import Simulator

/// A text that could not be read; every problem of it.
public struct FlowError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problems.
  public var diagnostics: [Diagnostic]
  /// Makes an error.
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  /// The problems as text, with carets.
  public var description: String { DiagnosticRenderer().render(diagnostics) }
}
