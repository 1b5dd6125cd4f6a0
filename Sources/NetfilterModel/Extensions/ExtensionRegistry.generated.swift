// Generated from the files in Matches/ and Targets/. Do not edit: run
// HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry
// swift-format-ignore-file

/// Every match extension; generated.
public enum Match: Sendable {
  /// `MarkMatch`.
  case `mark`(MarkMatch)
  /// `TCPMatch`.
  case `tcp`(TCPMatch)
  /// One that nothing here knows; kept whole.
  case unknown(UnknownExtension)

  /// One of each, as they are before any option was read.
  public static let all: [Match] = [
    .`mark`(MarkMatch()),
    .`tcp`(TCPMatch()),
  ]

  /// The facts, or nil for an unknown one.
  public var spec: ExtensionSpec? {
    switch self {
    case .`mark`: MarkMatch.spec
    case .`tcp`: TCPMatch.spec
    case .unknown: nil
    }
  }

  /// The option table without its functions.
  public var signatures: [OptionSignature] {
    switch self {
    case .`mark`: MarkMatch.signatures
    case .`tcp`: TCPMatch.signatures
    case .unknown: []
    }
  }

  /// The extension's own cases.
  public var examples: [ExtensionExample] {
    switch self {
    case .`mark`: MarkMatch.examples
    case .`tcp`: TCPMatch.examples
    case .unknown: []
    }
  }

  /// Stores the option with an index of `signatures`.
  public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    switch self {
    case .`mark`(var value):
      try value.parseOption(index, argument)
      self = .`mark`(value)
    case .`tcp`(var value):
      try value.parseOption(index, argument)
      self = .`tcp`(value)
    case .unknown: throw OptionError("there is no such option")
    }
  }

  /// Settles and checks the options after all were read.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    switch self {
    case .`mark`(var value):
      try value.finish(rule)
      self = .`mark`(value)
    case .`tcp`(var value):
      try value.finish(rule)
      self = .`tcp`(value)
    case .unknown: break
    }
  }

  /// What the kernel refuses about it in this rule, or nil.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    switch self {
    case .`mark`(let value): value.kernelRefusal(rule)
    case .`tcp`(let value): value.kernelRefusal(rule)
    case .unknown: nil
    }
  }

  /// Whether loading it turns connection tracking on.
  public var enablesConntrack: Bool {
    switch self {
    case .`mark`(let value): value.enablesConntrack
    case .`tcp`(let value): value.enablesConntrack
    case .unknown: false
    }
  }

  /// The text that `iptables -L` prints.
  public func listing(_ style: ListStyle) -> String {
    switch self {
    case .`mark`(let value): value.listing(style)
    case .`tcp`(let value): value.listing(style)
    case .unknown(let value): "[unknown match \(value.name)]"
    }
  }

  /// Prints the options as `iptables-save` does.
  public func save(into writer: inout SaveWriter) {
    switch self {
    case .`mark`(let value): value.save(into: &writer)
    case .`tcp`(let value): value.save(into: &writer)
    case .unknown(let value): value.save(into: &writer)
    }
  }

  /// The state that a rule with it starts with.
  public func initialState(_ services: any HostServices) -> MatchState {
    switch self {
    case .`mark`(let value): value.initialState(services)
    case .`tcp`(let value): value.initialState(services)
    case .unknown: MatchState()
    }
  }

  /// Whether the packet fulfils the condition; `unknown` for an unknown one.
  public func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    switch self {
    case .`mark`(let value): value.matches(&packet, &state)
    case .`tcp`(let value): value.matches(&packet, &state)
    case .unknown: .unknown
    }
  }
}

/// Every target extension; generated.
public enum Target: Sendable {
  /// `MARKTarget`.
  case `mark`(MARKTarget)
  /// One that nothing here knows; kept whole.
  case unknown(UnknownExtension)

  /// One of each, as they are before any option was read.
  public static let all: [Target] = [
    .`mark`(MARKTarget()),
  ]

  /// The facts, or nil for an unknown one.
  public var spec: ExtensionSpec? {
    switch self {
    case .`mark`: MARKTarget.spec
    case .unknown: nil
    }
  }

  /// The option table without its functions.
  public var signatures: [OptionSignature] {
    switch self {
    case .`mark`: MARKTarget.signatures
    case .unknown: []
    }
  }

  /// The extension's own cases.
  public var examples: [ExtensionExample] {
    switch self {
    case .`mark`: MARKTarget.examples
    case .unknown: []
    }
  }

  /// Stores the option with an index of `signatures`.
  public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    switch self {
    case .`mark`(var value):
      try value.parseOption(index, argument)
      self = .`mark`(value)
    case .unknown: throw OptionError("there is no such option")
    }
  }

  /// Settles and checks the options after all were read.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    switch self {
    case .`mark`(var value):
      try value.finish(rule)
      self = .`mark`(value)
    case .unknown: break
    }
  }

  /// What the kernel refuses about it in this rule, or nil.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    switch self {
    case .`mark`(let value): value.kernelRefusal(rule)
    case .unknown: nil
    }
  }

  /// Whether loading it turns connection tracking on.
  public var enablesConntrack: Bool {
    switch self {
    case .`mark`(let value): value.enablesConntrack
    case .unknown: false
    }
  }

  /// The text that `iptables -L` prints.
  public func listing(_ style: ListStyle) -> String {
    switch self {
    case .`mark`(let value): value.listing(style)
    case .unknown(let value): "[unknown target \(value.name)]"
    }
  }

  /// Prints the options as `iptables-save` does.
  public func save(into writer: inout SaveWriter) {
    switch self {
    case .`mark`(let value): value.save(into: &writer)
    case .unknown(let value): value.save(into: &writer)
    }
  }

  /// Acts on the packet.
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    switch self {
    case .`mark`(let value): value.apply(&packet)
    case .unknown(let value): .unknown("target `\(value.name)` is not known here")
    }
  }
}
