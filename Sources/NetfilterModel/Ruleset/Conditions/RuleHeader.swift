// The conditions that a rule has without a match, and their lowering.

/// The conditions that every rule has inline (kernel: `struct ipt_ip`, `struct ip6t_ip6`).
public struct RuleHeader: Hashable, Sendable {
  /// `-s`.
  public var source: Invertible<AddressMatch>?
  /// `-d`.
  public var destination: Invertible<AddressMatch>?
  /// `-i`.
  public var input: Invertible<InterfacePattern>?
  /// `-o`.
  public var output: Invertible<InterfacePattern>?
  /// `-p`; nil for any. In a rule of IPv6 `.any` stands for `-p all`, which still demands headers that can be followed (kernel:
  /// `IP6T_F_PROTO`); a rule of IPv4 has nil for it.
  public var protocolNumber: Invertible<ProtocolNumber>?
  /// `-f`: second and further fragments only; inverted: only whole packets and first fragments.
  public var fragment: Invertible<Bool>?

  /// Makes a header without a condition.
  public init() {}

  /// Whether the header has no condition (kernel: `unconditional`).
  public var isUnconditional: Bool { self == RuleHeader() }
}

/// The conditions that a rule has without a match, in the order in which the kernel asks them (kernel: `ip_packet_match`).
public enum HeaderOption: UInt8, Hashable, Sendable, CaseIterable {
  /// `-s`.
  case source
  /// `-d`.
  case destination
  /// `-i`.
  case input
  /// `-o`.
  case output
  /// `-p`.
  case protocolNumber
  /// `-f`.
  case fragment

  /// `-s`.
  public var name: String {
    switch self {
    case .source: "-s"
    case .destination: "-d"
    case .input: "-i"
    case .output: "-o"
    case .protocolNumber: "-p"
    case .fragment: "-f"
    }
  }
}

extension RuleHeader {
  /// The conditions, in the order in which the kernel asks them (kernel: `ip_packet_match`, `ip6_packet_match`).
  public var conditions: [Condition] {
    var result: [Condition] = []
    func add(_ option: HeaderOption, _ field: Field, _ test: ConditionTest, _ inverted: Bool) {
      var condition = Condition("", field, test, inverted: inverted)
      condition.origin = .header(option)
      // Where the headers of IPv6 cannot be followed, the kernel drops rather than guesses.
      condition.dropsWhenAbsent = field == .protocolNumber
      result.append(condition)
    }
    if let source { add(.source, .source, .network(source.value.address, mask: source.value.mask), source.inverted) }
    if let destination {
      add(
        .destination, .destination, .network(destination.value.address, mask: destination.value.mask),
        destination.inverted)
    }
    if let input { add(.input, .input, .interface(input.value), input.inverted) }
    if let output { add(.output, .output, .interface(output.value), output.inverted) }
    if let number = protocolNumber {
      // Protocol 0 stands for any, also negated (kernel: `ipinfo->proto &&`), once the headers were followed.
      let isAny = number.value == .any
      add(
        .protocolNumber, .protocolNumber, isAny ? .between(0, UInt8.max) : .equals(number.value.rawValue),
        number.inverted && !isAny)
    }
    if let fragment { add(.fragment, .fragmentOffset, .between(1, 0xffff), fragment.inverted) }
    return result
  }
}
