// The statements of the flow language: what sets up a host, and what happens to it.

import NetfilterModel
import Simulator

/// Where a packet starts.
public enum FlowOrigin: Hashable, Sendable {
  /// It arrives on an interface.
  case arrival(InterfaceName)
  /// A process of the host sends it.
  case local
}

/// Where the text says that routing sends a packet, for hosts that nobody described.
public enum RoutingHint: Hashable, Sendable {
  /// To the host itself.
  case deliver
  /// Through the host, out on an interface.
  case forward(InterfaceName)
  /// Out from the host on an interface.
  case send(InterfaceName)
}

/// A packet with where it starts.
public struct FlowPacket: Hashable, Sendable {
  /// Where it starts.
  public var origin: FlowOrigin
  /// What it looks like.
  public var packet: PacketDescription
  /// Where routing sends it, when the text says so.
  public var hint: RoutingHint?

  /// Makes a packet.
  public init(origin: FlowOrigin, packet: PacketDescription, hint: RoutingHint? = nil) {
    self.origin = origin
    self.packet = packet
    self.hint = hint
  }
}

/// What a packet that follows another says about itself; nil keeps what follows from the other.
public struct FollowUp: Hashable, Sendable {
  /// The TCP flags.
  public var flags: TCPFlags?
  /// The options, in the order written.
  public var options: [PacketOption] = []

  /// Makes a packet that takes everything from the one before.
  public init(flags: TCPFlags? = nil, options: [PacketOption] = []) {
    self.flags = flags
    self.options = options
  }
}

/// Something that happens.
public enum FlowAction: Hashable, Sendable {
  /// A packet starts.
  case packet(FlowPacket)
  /// The far end answers the last packet.
  case reply(FollowUp)
  /// The same end sends the next packet.
  case again(FollowUp)
  /// Time passes, in nanoseconds.
  case wait(UInt64)
  /// Every connection is forgotten.
  case flushConntrack
  /// A rule file is loaded.
  case loadRules(AddressFamily, path: String)
}

/// A step: something that happens, and what is expected of it.
public struct FlowStep: Hashable, Sendable {
  /// What happens.
  public var action: FlowAction
  /// What is expected, or nil.
  public var expectation: FlowExpectation?
  /// Where it stands.
  public var range: SourceRange
}

/// What a test says about being run.
public enum FlowTestMode: Hashable, Sendable {
  /// It runs.
  case run
  /// It does not run; why.
  case skip(String)
  /// It runs, but need not pass yet; why.
  case todo(String)
}

/// A test: steps on a host as it was set up, without connections.
public struct FlowTest: Hashable, Sendable {
  /// The name.
  public var name: String
  /// The tags, without `@`.
  public var tags: [String] = []
  /// Whether it runs.
  public var mode = FlowTestMode.run
  /// The steps in order.
  public var steps: [FlowStep] = []
  /// Where its first line stands.
  public var range: SourceRange
}

/// A line that describes the host.
public enum FlowSetup: Hashable, Sendable {
  /// `host NAME`.
  case host(String)
  /// `rules v4 PATH`.
  case rules(AddressFamily, path: String)
  /// `iface NAME ...`.
  case interface(Interface, addresses: [InterfaceAddress])
  /// `route ...`, as `ip route add` takes it.
  case route(String)
  /// `rule ...`, as `ip rule add` takes it.
  case routingRule(String)
  /// `sysctl KEY = VALUE`.
  case sysctl(String, String)
  /// `assume MATCH yes`: what a match says that nothing here can decide.
  case assume(String, Bool)
  /// `import route PATH`: what a command printed on the host.
  case saved(SavedOutput, path: String)
}

/// What `import` reads.
public enum SavedOutput: String, Hashable, Sendable, CaseIterable {
  /// The output of `ip addr`.
  case addr
  /// The output of `ip route`.
  case route
  /// The output of `ip rule`.
  case rule
  /// The output of `sysctl -a`.
  case sysctl
}

/// A statement with its place.
public enum FlowStatement: Hashable, Sendable {
  /// A line that describes the host.
  case setup(FlowSetup, SourceRange)
  /// A step.
  case step(FlowStep)
  /// A test.
  case test(FlowTest)
}

/// A parsed text.
public struct FlowDocument: Sendable {
  /// The statements in order; lines with errors are left out.
  public var statements: [FlowStatement] = []
  /// The problems in the order of their places.
  public var diagnostics: [Diagnostic] = []

  /// The lines of every file that was read, by its name, for diagnostics.
  var lines: [String: [String]] = [:]

  /// The line that a range is in, or nothing.
  func sourceLine(_ range: SourceRange) -> String {
    guard let lines = lines[range.file], lines.indices.contains(range.line - 1) else { return "" }
    return lines[range.line - 1]
  }

  /// Whether one of the problems is an error.
  public var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
  /// The tests.
  public var tests: [FlowTest] {
    statements.compactMap { if case .test(let test) = $0 { test } else { nil } }
  }
  /// The steps outside tests.
  public var steps: [FlowStep] {
    statements.compactMap { if case .step(let step) = $0 { step } else { nil } }
  }
}

/// A text that could not be read; every problem of it.
public struct FlowError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The problems.
  public var diagnostics: [Diagnostic]
  /// Makes an error.
  public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
  /// The problems as text, with carets.
  public var description: String { DiagnosticRenderer().render(diagnostics) }
}
