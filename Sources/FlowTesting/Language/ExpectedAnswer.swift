// What REJECT is expected to answer with, in either family.

import NetfilterModel
import Simulator

/// An answer of REJECT by its name. `tcp-reset` is one of both families, and so are short names as `port-unreach`.
public struct ExpectedAnswer: Hashable, Sendable {
  private let ipv4: RejectKind?
  private let ipv6: RejectKind?

  /// The answer that `--reject-with` takes by a name; nil when neither family has it.
  public init?(name: String) {
    let kind = { (family: AddressFamily) in
      RejectAnswer.all(family).first { $0.name == name || $0.alias == name }?.kind
    }
    ipv4 = kind(.ipv4)
    ipv6 = kind(.ipv6)
    if ipv4 == nil, ipv6 == nil { return nil }
  }

  /// The answer of a family.
  public init(_ kind: RejectKind, _ family: AddressFamily) {
    ipv4 = family == .ipv4 ? kind : nil
    ipv6 = family == .ipv6 ? kind : nil
  }

  /// Whether a rule of a family answered so.
  func fits(_ kind: RejectKind, _ family: AddressFamily) -> Bool { (family == .ipv4 ? ipv4 : ipv6) == kind }

  /// Every name, those of IPv4 first.
  static var names: [String] {
    let names = RejectAnswer.all(.ipv4).map { $0.name }
    return names + RejectAnswer.all(.ipv6).map { $0.name }.filter { !names.contains($0) }
  }
}
