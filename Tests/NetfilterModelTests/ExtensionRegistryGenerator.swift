// Writes ExtensionRegistry.generated.swift: the closed enums `Match` and `Target` with one case for each extension file.

import Foundation

enum ExtensionRegistryGenerator {
  /// The text of the registry for the extension files below `folder`.
  static func text(folder: URL) throws -> String {
    """
    // Generated from the files in Matches/ and Targets/. Do not edit: run
    // HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry
    // swift-format-ignore-file

    \(enumeration("Match", try types(in: folder.appendingPathComponent("Matches"), suffix: "Match"), evaluate: matchEvaluation))
    \(compiledMatches(try types(in: folder.appendingPathComponent("Matches"), suffix: "Match")))

    \(enumeration("Target", try types(in: folder.appendingPathComponent("Targets"), suffix: "Target"), evaluate: targetEvaluation))

    """
  }

  /// The type names, which are the file names with the suffix and without a `+`.
  static func types(in folder: URL, suffix: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix("\(suffix).swift") && !$0.contains("+") }
      .map { String($0.dropLast(".swift".count)) }
      .sorted { $0.lowercased() < $1.lowercased() }
  }

  static func caseName(_ type: String, _ suffix: String) -> String {
    "`" + type.dropLast(suffix.count).lowercased() + "`"
  }

  static func enumeration(_ name: String, _ types: [String], evaluate: ([String]) -> String) -> String {
    let cases = types.map { caseName($0, name) }
    let each = { (body: (String, String) -> String) in
      zip(cases, types).map { body($0, $1) }.joined(separator: "\n")
    }
    return """
      /// Every \(name.lowercased()) extension; generated.
      public enum \(name): Sendable {
      \(each { "  /// `\($1)`.\n  case \($0)(\($1))" })
        /// One that nothing here knows; kept whole.
        case unknown(UnknownExtension)

        /// One of each, as they are before any option was read.
        public static let all: [\(name)] = [
      \(each { "    .\($0)(\($1)())," })
        ]

        /// The facts, or nil for an unknown one.
        public var spec: ExtensionSpec? {
          switch self {
      \(each { "    case .\($0): \($1).spec" })
          case .unknown: nil
          }
        }

        /// The name as `-m` or `-j` takes it.
        public var name: String {
          switch self {
      \(each { "    case .\($0): \($1).spec.name" })
          case .unknown(let value): value.name
          }
        }

        /// The option table without its functions.
        public var signatures: [OptionSignature] {
          switch self {
      \(each { "    case .\($0): \($1).signatures" })
          case .unknown: []
          }
        }

        /// The extension's own cases.
        public var examples: [ExtensionExample] {
          switch self {
      \(each { "    case .\($0): \($1).examples" })
          case .unknown: []
          }
        }

        /// Stores the option with an index of `signatures`.
        public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
          switch self {
      \(each { name, _ in "    case .\(name)(var value):\n      try value.parseOption(index, argument)\n      self = .\(name)(value)" })
          case .unknown: throw OptionError("there is no such option")
          }
        }

        /// Settles and checks the options after all were read.
        public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
          switch self {
      \(each { name, _ in "    case .\(name)(var value):\n      try value.finish(rule)\n      self = .\(name)(value)" })
          case .unknown: break
          }
        }

        /// What the kernel refuses about it in this rule, or nil.
        public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
          switch self {
      \(each { name, _ in "    case .\(name)(let value): value.kernelRefusal(rule)" })
          case .unknown: nil
          }
        }

        /// Whether loading it turns connection tracking on.
        public var enablesConntrack: Bool {
          switch self {
      \(each { name, _ in "    case .\(name)(let value): value.enablesConntrack" })
          case .unknown: false
          }
        }

        /// Whether loading it turns connection counters on.
        public var enablesAccounting: Bool {
          switch self {
      \(each { name, _ in "    case .\(name)(let value): value.enablesAccounting" })
          case .unknown: false
          }
        }

        /// The text that `iptables -L` prints.
        public func listing(_ style: ListStyle) -> String {
          switch self {
      \(each { name, _ in "    case .\(name)(let value): value.listing(style)" })
          case .unknown(let value): "[unknown \(name.lowercased()) \\(value.name)]"
          }
        }

        /// Prints the options as `iptables-save` does.
        public func save(into writer: inout SaveWriter) {
          switch self {
      \(each { name, _ in "    case .\(name)(let value): value.save(into: &writer)" })
          case .unknown(let value): value.save(into: &writer)
          }
        }
      \(evaluate(zip(cases, types).map { "\($0) \($1)" }))
      }
      """
  }

  static func matchEvaluation(_ pairs: [String]) -> String {
    let cases = pairs.map { String($0.split(separator: " ")[0]) }
    let types = pairs.map { String($0.split(separator: " ")[1]) }
    return """

        /// The state that a rule with it starts with.
        public func initialState(_ services: any HostServices) -> MatchState {
          switch self {
      \(cases.map { "    case .\($0)(let value): value.initialState(services)" }.joined(separator: "\n"))
          case .unknown: MatchState()
          }
        }

        /// The match as the walk calls it.
        public func compiled() -> CompiledMatch {
          switch self {
      \(zip(cases, types).map { "    case .\($0)(let value): Compiled\($1)(value)" }.joined(separator: "\n"))
          case .unknown: CompiledMatch()
          }
        }
      """
  }

  /// One class for each match and no generic one: the call of a generic class's method ends in a look-up of the witness.
  static func compiledMatches(_ types: [String]) -> String {
    types.map {
      """

      private final class Compiled\($0): CompiledMatch {
        let value: \($0)
        init(_ value: \($0)) { self.value = value }
        override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
          value.matches(&packet, &state)
        }
      }
      """
    }.joined(separator: "\n")
  }

  static func targetEvaluation(_ pairs: [String]) -> String {
    let cases = pairs.map { String($0.split(separator: " ")[0]) }
    return """

        /// Acts on the packet.
        public func apply(_ packet: inout PacketContext) -> TargetResult {
          switch self {
      \(cases.map { "    case .\($0)(let value): value.apply(&packet)" }.joined(separator: "\n"))
          case .unknown(let value): .unknown("target `\\(value.name)` is not known here")
          }
        }
      """
  }
}
