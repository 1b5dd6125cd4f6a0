// What a host loads: a rule file or a script, read for a family, with arguments.

import NetfilterModel

/// A rule file by its name, read for a family; of a script also with its arguments.
public struct RuleFileKey: Hashable, Sendable {
  /// Whose rules are wanted.
  public var family: AddressFamily
  /// The path.
  public var path: String
  /// The words behind the path, which only a script takes.
  public var arguments: [String] = []

  /// Names a file.
  public init(family: AddressFamily, path: String, arguments: [String] = []) {
    self.family = family
    self.path = path
    self.arguments = arguments
  }
}

extension RuleFileKey {
  /// The file that a step loads, from where the working directory is; nil for every other step.
  public init?(_ step: FlowStep) {
    guard case .loadRules(let family, let path, let arguments) = step.action else { return nil }
    self.init(family: family, path: FlowPath.resolve(path, besides: step.range.file), arguments: arguments)
  }
}
