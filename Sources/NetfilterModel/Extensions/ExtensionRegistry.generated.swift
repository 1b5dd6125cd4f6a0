// Generated from the files in Matches/ and Targets/. Do not edit: run
// HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry
// swift-format-ignore-file

/// Every match extension; generated.
public enum Match: Sendable {
  /// `AddrtypeMatch`.
  case `addrtype`(AddrtypeMatch)
  /// `CommentMatch`.
  case `comment`(CommentMatch)
  /// `ConnbytesMatch`.
  case `connbytes`(ConnbytesMatch)
  /// `ConnmarkMatch`.
  case `connmark`(ConnmarkMatch)
  /// `ConntrackMatch`.
  case `conntrack`(ConntrackMatch)
  /// `DSCPMatch`.
  case `dscp`(DSCPMatch)
  /// `ECNMatch`.
  case `ecn`(ECNMatch)
  /// `ESPMatch`.
  case `esp`(ESPMatch)
  /// `HashlimitMatch`.
  case `hashlimit`(HashlimitMatch)
  /// `HelperMatch`.
  case `helper`(HelperMatch)
  /// `ICMPMatch`.
  case `icmp`(ICMPMatch)
  /// `IPRangeMatch`.
  case `iprange`(IPRangeMatch)
  /// `LengthMatch`.
  case `length`(LengthMatch)
  /// `LimitMatch`.
  case `limit`(LimitMatch)
  /// `MacMatch`.
  case `mac`(MacMatch)
  /// `MarkMatch`.
  case `mark`(MarkMatch)
  /// `MultiportMatch`.
  case `multiport`(MultiportMatch)
  /// `OwnerMatch`.
  case `owner`(OwnerMatch)
  /// `PhysdevMatch`.
  case `physdev`(PhysdevMatch)
  /// `PkttypeMatch`.
  case `pkttype`(PkttypeMatch)
  /// `PolicyMatch`.
  case `policy`(PolicyMatch)
  /// `QuotaMatch`.
  case `quota`(QuotaMatch)
  /// `RecentMatch`.
  case `recent`(RecentMatch)
  /// `RpfilterMatch`.
  case `rpfilter`(RpfilterMatch)
  /// `StateMatch`.
  case `state`(StateMatch)
  /// `StatisticMatch`.
  case `statistic`(StatisticMatch)
  /// `StringMatch`.
  case `string`(StringMatch)
  /// `TCPMatch`.
  case `tcp`(TCPMatch)
  /// `TCPMSSMatch`.
  case `tcpmss`(TCPMSSMatch)
  /// `TOSMatch`.
  case `tos`(TOSMatch)
  /// `TTLMatch`.
  case `ttl`(TTLMatch)
  /// `U32Match`.
  case `u32`(U32Match)
  /// `UDPMatch`.
  case `udp`(UDPMatch)
  /// One that nothing here knows; kept whole.
  case unknown(UnknownExtension)

  /// One of each, as they are before any option was read.
  public static let all: [Match] = [
    .`addrtype`(AddrtypeMatch()),
    .`comment`(CommentMatch()),
    .`connbytes`(ConnbytesMatch()),
    .`connmark`(ConnmarkMatch()),
    .`conntrack`(ConntrackMatch()),
    .`dscp`(DSCPMatch()),
    .`ecn`(ECNMatch()),
    .`esp`(ESPMatch()),
    .`hashlimit`(HashlimitMatch()),
    .`helper`(HelperMatch()),
    .`icmp`(ICMPMatch()),
    .`iprange`(IPRangeMatch()),
    .`length`(LengthMatch()),
    .`limit`(LimitMatch()),
    .`mac`(MacMatch()),
    .`mark`(MarkMatch()),
    .`multiport`(MultiportMatch()),
    .`owner`(OwnerMatch()),
    .`physdev`(PhysdevMatch()),
    .`pkttype`(PkttypeMatch()),
    .`policy`(PolicyMatch()),
    .`quota`(QuotaMatch()),
    .`recent`(RecentMatch()),
    .`rpfilter`(RpfilterMatch()),
    .`state`(StateMatch()),
    .`statistic`(StatisticMatch()),
    .`string`(StringMatch()),
    .`tcp`(TCPMatch()),
    .`tcpmss`(TCPMSSMatch()),
    .`tos`(TOSMatch()),
    .`ttl`(TTLMatch()),
    .`u32`(U32Match()),
    .`udp`(UDPMatch()),
  ]

  /// The facts, or nil for an unknown one.
  public var spec: ExtensionSpec? {
    switch self {
    case .`addrtype`: AddrtypeMatch.spec
    case .`comment`: CommentMatch.spec
    case .`connbytes`: ConnbytesMatch.spec
    case .`connmark`: ConnmarkMatch.spec
    case .`conntrack`: ConntrackMatch.spec
    case .`dscp`: DSCPMatch.spec
    case .`ecn`: ECNMatch.spec
    case .`esp`: ESPMatch.spec
    case .`hashlimit`: HashlimitMatch.spec
    case .`helper`: HelperMatch.spec
    case .`icmp`: ICMPMatch.spec
    case .`iprange`: IPRangeMatch.spec
    case .`length`: LengthMatch.spec
    case .`limit`: LimitMatch.spec
    case .`mac`: MacMatch.spec
    case .`mark`: MarkMatch.spec
    case .`multiport`: MultiportMatch.spec
    case .`owner`: OwnerMatch.spec
    case .`physdev`: PhysdevMatch.spec
    case .`pkttype`: PkttypeMatch.spec
    case .`policy`: PolicyMatch.spec
    case .`quota`: QuotaMatch.spec
    case .`recent`: RecentMatch.spec
    case .`rpfilter`: RpfilterMatch.spec
    case .`state`: StateMatch.spec
    case .`statistic`: StatisticMatch.spec
    case .`string`: StringMatch.spec
    case .`tcp`: TCPMatch.spec
    case .`tcpmss`: TCPMSSMatch.spec
    case .`tos`: TOSMatch.spec
    case .`ttl`: TTLMatch.spec
    case .`u32`: U32Match.spec
    case .`udp`: UDPMatch.spec
    case .unknown: nil
    }
  }

  /// The name as `-m` or `-j` takes it.
  public var name: String {
    switch self {
    case .`addrtype`: AddrtypeMatch.spec.name
    case .`comment`: CommentMatch.spec.name
    case .`connbytes`: ConnbytesMatch.spec.name
    case .`connmark`: ConnmarkMatch.spec.name
    case .`conntrack`: ConntrackMatch.spec.name
    case .`dscp`: DSCPMatch.spec.name
    case .`ecn`: ECNMatch.spec.name
    case .`esp`: ESPMatch.spec.name
    case .`hashlimit`: HashlimitMatch.spec.name
    case .`helper`: HelperMatch.spec.name
    case .`icmp`: ICMPMatch.spec.name
    case .`iprange`: IPRangeMatch.spec.name
    case .`length`: LengthMatch.spec.name
    case .`limit`: LimitMatch.spec.name
    case .`mac`: MacMatch.spec.name
    case .`mark`: MarkMatch.spec.name
    case .`multiport`: MultiportMatch.spec.name
    case .`owner`: OwnerMatch.spec.name
    case .`physdev`: PhysdevMatch.spec.name
    case .`pkttype`: PkttypeMatch.spec.name
    case .`policy`: PolicyMatch.spec.name
    case .`quota`: QuotaMatch.spec.name
    case .`recent`: RecentMatch.spec.name
    case .`rpfilter`: RpfilterMatch.spec.name
    case .`state`: StateMatch.spec.name
    case .`statistic`: StatisticMatch.spec.name
    case .`string`: StringMatch.spec.name
    case .`tcp`: TCPMatch.spec.name
    case .`tcpmss`: TCPMSSMatch.spec.name
    case .`tos`: TOSMatch.spec.name
    case .`ttl`: TTLMatch.spec.name
    case .`u32`: U32Match.spec.name
    case .`udp`: UDPMatch.spec.name
    case .unknown(let value): value.name
    }
  }

  /// The option table without its functions.
  public var signatures: [OptionSignature] {
    switch self {
    case .`addrtype`: AddrtypeMatch.signatures
    case .`comment`: CommentMatch.signatures
    case .`connbytes`: ConnbytesMatch.signatures
    case .`connmark`: ConnmarkMatch.signatures
    case .`conntrack`: ConntrackMatch.signatures
    case .`dscp`: DSCPMatch.signatures
    case .`ecn`: ECNMatch.signatures
    case .`esp`: ESPMatch.signatures
    case .`hashlimit`: HashlimitMatch.signatures
    case .`helper`: HelperMatch.signatures
    case .`icmp`: ICMPMatch.signatures
    case .`iprange`: IPRangeMatch.signatures
    case .`length`: LengthMatch.signatures
    case .`limit`: LimitMatch.signatures
    case .`mac`: MacMatch.signatures
    case .`mark`: MarkMatch.signatures
    case .`multiport`: MultiportMatch.signatures
    case .`owner`: OwnerMatch.signatures
    case .`physdev`: PhysdevMatch.signatures
    case .`pkttype`: PkttypeMatch.signatures
    case .`policy`: PolicyMatch.signatures
    case .`quota`: QuotaMatch.signatures
    case .`recent`: RecentMatch.signatures
    case .`rpfilter`: RpfilterMatch.signatures
    case .`state`: StateMatch.signatures
    case .`statistic`: StatisticMatch.signatures
    case .`string`: StringMatch.signatures
    case .`tcp`: TCPMatch.signatures
    case .`tcpmss`: TCPMSSMatch.signatures
    case .`tos`: TOSMatch.signatures
    case .`ttl`: TTLMatch.signatures
    case .`u32`: U32Match.signatures
    case .`udp`: UDPMatch.signatures
    case .unknown: []
    }
  }

  /// The extension's own cases.
  public var examples: [ExtensionExample] {
    switch self {
    case .`addrtype`: AddrtypeMatch.examples
    case .`comment`: CommentMatch.examples
    case .`connbytes`: ConnbytesMatch.examples
    case .`connmark`: ConnmarkMatch.examples
    case .`conntrack`: ConntrackMatch.examples
    case .`dscp`: DSCPMatch.examples
    case .`ecn`: ECNMatch.examples
    case .`esp`: ESPMatch.examples
    case .`hashlimit`: HashlimitMatch.examples
    case .`helper`: HelperMatch.examples
    case .`icmp`: ICMPMatch.examples
    case .`iprange`: IPRangeMatch.examples
    case .`length`: LengthMatch.examples
    case .`limit`: LimitMatch.examples
    case .`mac`: MacMatch.examples
    case .`mark`: MarkMatch.examples
    case .`multiport`: MultiportMatch.examples
    case .`owner`: OwnerMatch.examples
    case .`physdev`: PhysdevMatch.examples
    case .`pkttype`: PkttypeMatch.examples
    case .`policy`: PolicyMatch.examples
    case .`quota`: QuotaMatch.examples
    case .`recent`: RecentMatch.examples
    case .`rpfilter`: RpfilterMatch.examples
    case .`state`: StateMatch.examples
    case .`statistic`: StatisticMatch.examples
    case .`string`: StringMatch.examples
    case .`tcp`: TCPMatch.examples
    case .`tcpmss`: TCPMSSMatch.examples
    case .`tos`: TOSMatch.examples
    case .`ttl`: TTLMatch.examples
    case .`u32`: U32Match.examples
    case .`udp`: UDPMatch.examples
    case .unknown: []
    }
  }

  /// Stores the option with an index of `signatures`.
  public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    switch self {
    case .`addrtype`(var value):
      try value.parseOption(index, argument)
      self = .`addrtype`(value)
    case .`comment`(var value):
      try value.parseOption(index, argument)
      self = .`comment`(value)
    case .`connbytes`(var value):
      try value.parseOption(index, argument)
      self = .`connbytes`(value)
    case .`connmark`(var value):
      try value.parseOption(index, argument)
      self = .`connmark`(value)
    case .`conntrack`(var value):
      try value.parseOption(index, argument)
      self = .`conntrack`(value)
    case .`dscp`(var value):
      try value.parseOption(index, argument)
      self = .`dscp`(value)
    case .`ecn`(var value):
      try value.parseOption(index, argument)
      self = .`ecn`(value)
    case .`esp`(var value):
      try value.parseOption(index, argument)
      self = .`esp`(value)
    case .`hashlimit`(var value):
      try value.parseOption(index, argument)
      self = .`hashlimit`(value)
    case .`helper`(var value):
      try value.parseOption(index, argument)
      self = .`helper`(value)
    case .`icmp`(var value):
      try value.parseOption(index, argument)
      self = .`icmp`(value)
    case .`iprange`(var value):
      try value.parseOption(index, argument)
      self = .`iprange`(value)
    case .`length`(var value):
      try value.parseOption(index, argument)
      self = .`length`(value)
    case .`limit`(var value):
      try value.parseOption(index, argument)
      self = .`limit`(value)
    case .`mac`(var value):
      try value.parseOption(index, argument)
      self = .`mac`(value)
    case .`mark`(var value):
      try value.parseOption(index, argument)
      self = .`mark`(value)
    case .`multiport`(var value):
      try value.parseOption(index, argument)
      self = .`multiport`(value)
    case .`owner`(var value):
      try value.parseOption(index, argument)
      self = .`owner`(value)
    case .`physdev`(var value):
      try value.parseOption(index, argument)
      self = .`physdev`(value)
    case .`pkttype`(var value):
      try value.parseOption(index, argument)
      self = .`pkttype`(value)
    case .`policy`(var value):
      try value.parseOption(index, argument)
      self = .`policy`(value)
    case .`quota`(var value):
      try value.parseOption(index, argument)
      self = .`quota`(value)
    case .`recent`(var value):
      try value.parseOption(index, argument)
      self = .`recent`(value)
    case .`rpfilter`(var value):
      try value.parseOption(index, argument)
      self = .`rpfilter`(value)
    case .`state`(var value):
      try value.parseOption(index, argument)
      self = .`state`(value)
    case .`statistic`(var value):
      try value.parseOption(index, argument)
      self = .`statistic`(value)
    case .`string`(var value):
      try value.parseOption(index, argument)
      self = .`string`(value)
    case .`tcp`(var value):
      try value.parseOption(index, argument)
      self = .`tcp`(value)
    case .`tcpmss`(var value):
      try value.parseOption(index, argument)
      self = .`tcpmss`(value)
    case .`tos`(var value):
      try value.parseOption(index, argument)
      self = .`tos`(value)
    case .`ttl`(var value):
      try value.parseOption(index, argument)
      self = .`ttl`(value)
    case .`u32`(var value):
      try value.parseOption(index, argument)
      self = .`u32`(value)
    case .`udp`(var value):
      try value.parseOption(index, argument)
      self = .`udp`(value)
    case .unknown: throw OptionError("there is no such option")
    }
  }

  /// Settles and checks the options after all were read.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    switch self {
    case .`addrtype`(var value):
      try value.finish(rule)
      self = .`addrtype`(value)
    case .`comment`(var value):
      try value.finish(rule)
      self = .`comment`(value)
    case .`connbytes`(var value):
      try value.finish(rule)
      self = .`connbytes`(value)
    case .`connmark`(var value):
      try value.finish(rule)
      self = .`connmark`(value)
    case .`conntrack`(var value):
      try value.finish(rule)
      self = .`conntrack`(value)
    case .`dscp`(var value):
      try value.finish(rule)
      self = .`dscp`(value)
    case .`ecn`(var value):
      try value.finish(rule)
      self = .`ecn`(value)
    case .`esp`(var value):
      try value.finish(rule)
      self = .`esp`(value)
    case .`hashlimit`(var value):
      try value.finish(rule)
      self = .`hashlimit`(value)
    case .`helper`(var value):
      try value.finish(rule)
      self = .`helper`(value)
    case .`icmp`(var value):
      try value.finish(rule)
      self = .`icmp`(value)
    case .`iprange`(var value):
      try value.finish(rule)
      self = .`iprange`(value)
    case .`length`(var value):
      try value.finish(rule)
      self = .`length`(value)
    case .`limit`(var value):
      try value.finish(rule)
      self = .`limit`(value)
    case .`mac`(var value):
      try value.finish(rule)
      self = .`mac`(value)
    case .`mark`(var value):
      try value.finish(rule)
      self = .`mark`(value)
    case .`multiport`(var value):
      try value.finish(rule)
      self = .`multiport`(value)
    case .`owner`(var value):
      try value.finish(rule)
      self = .`owner`(value)
    case .`physdev`(var value):
      try value.finish(rule)
      self = .`physdev`(value)
    case .`pkttype`(var value):
      try value.finish(rule)
      self = .`pkttype`(value)
    case .`policy`(var value):
      try value.finish(rule)
      self = .`policy`(value)
    case .`quota`(var value):
      try value.finish(rule)
      self = .`quota`(value)
    case .`recent`(var value):
      try value.finish(rule)
      self = .`recent`(value)
    case .`rpfilter`(var value):
      try value.finish(rule)
      self = .`rpfilter`(value)
    case .`state`(var value):
      try value.finish(rule)
      self = .`state`(value)
    case .`statistic`(var value):
      try value.finish(rule)
      self = .`statistic`(value)
    case .`string`(var value):
      try value.finish(rule)
      self = .`string`(value)
    case .`tcp`(var value):
      try value.finish(rule)
      self = .`tcp`(value)
    case .`tcpmss`(var value):
      try value.finish(rule)
      self = .`tcpmss`(value)
    case .`tos`(var value):
      try value.finish(rule)
      self = .`tos`(value)
    case .`ttl`(var value):
      try value.finish(rule)
      self = .`ttl`(value)
    case .`u32`(var value):
      try value.finish(rule)
      self = .`u32`(value)
    case .`udp`(var value):
      try value.finish(rule)
      self = .`udp`(value)
    case .unknown: break
    }
  }

  /// What the kernel refuses about it in this rule, or nil.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    switch self {
    case .`addrtype`(let value): value.kernelRefusal(rule)
    case .`comment`(let value): value.kernelRefusal(rule)
    case .`connbytes`(let value): value.kernelRefusal(rule)
    case .`connmark`(let value): value.kernelRefusal(rule)
    case .`conntrack`(let value): value.kernelRefusal(rule)
    case .`dscp`(let value): value.kernelRefusal(rule)
    case .`ecn`(let value): value.kernelRefusal(rule)
    case .`esp`(let value): value.kernelRefusal(rule)
    case .`hashlimit`(let value): value.kernelRefusal(rule)
    case .`helper`(let value): value.kernelRefusal(rule)
    case .`icmp`(let value): value.kernelRefusal(rule)
    case .`iprange`(let value): value.kernelRefusal(rule)
    case .`length`(let value): value.kernelRefusal(rule)
    case .`limit`(let value): value.kernelRefusal(rule)
    case .`mac`(let value): value.kernelRefusal(rule)
    case .`mark`(let value): value.kernelRefusal(rule)
    case .`multiport`(let value): value.kernelRefusal(rule)
    case .`owner`(let value): value.kernelRefusal(rule)
    case .`physdev`(let value): value.kernelRefusal(rule)
    case .`pkttype`(let value): value.kernelRefusal(rule)
    case .`policy`(let value): value.kernelRefusal(rule)
    case .`quota`(let value): value.kernelRefusal(rule)
    case .`recent`(let value): value.kernelRefusal(rule)
    case .`rpfilter`(let value): value.kernelRefusal(rule)
    case .`state`(let value): value.kernelRefusal(rule)
    case .`statistic`(let value): value.kernelRefusal(rule)
    case .`string`(let value): value.kernelRefusal(rule)
    case .`tcp`(let value): value.kernelRefusal(rule)
    case .`tcpmss`(let value): value.kernelRefusal(rule)
    case .`tos`(let value): value.kernelRefusal(rule)
    case .`ttl`(let value): value.kernelRefusal(rule)
    case .`u32`(let value): value.kernelRefusal(rule)
    case .`udp`(let value): value.kernelRefusal(rule)
    case .unknown: nil
    }
  }

  /// Whether loading it turns connection tracking on.
  public var enablesConntrack: Bool {
    switch self {
    case .`addrtype`(let value): value.enablesConntrack
    case .`comment`(let value): value.enablesConntrack
    case .`connbytes`(let value): value.enablesConntrack
    case .`connmark`(let value): value.enablesConntrack
    case .`conntrack`(let value): value.enablesConntrack
    case .`dscp`(let value): value.enablesConntrack
    case .`ecn`(let value): value.enablesConntrack
    case .`esp`(let value): value.enablesConntrack
    case .`hashlimit`(let value): value.enablesConntrack
    case .`helper`(let value): value.enablesConntrack
    case .`icmp`(let value): value.enablesConntrack
    case .`iprange`(let value): value.enablesConntrack
    case .`length`(let value): value.enablesConntrack
    case .`limit`(let value): value.enablesConntrack
    case .`mac`(let value): value.enablesConntrack
    case .`mark`(let value): value.enablesConntrack
    case .`multiport`(let value): value.enablesConntrack
    case .`owner`(let value): value.enablesConntrack
    case .`physdev`(let value): value.enablesConntrack
    case .`pkttype`(let value): value.enablesConntrack
    case .`policy`(let value): value.enablesConntrack
    case .`quota`(let value): value.enablesConntrack
    case .`recent`(let value): value.enablesConntrack
    case .`rpfilter`(let value): value.enablesConntrack
    case .`state`(let value): value.enablesConntrack
    case .`statistic`(let value): value.enablesConntrack
    case .`string`(let value): value.enablesConntrack
    case .`tcp`(let value): value.enablesConntrack
    case .`tcpmss`(let value): value.enablesConntrack
    case .`tos`(let value): value.enablesConntrack
    case .`ttl`(let value): value.enablesConntrack
    case .`u32`(let value): value.enablesConntrack
    case .`udp`(let value): value.enablesConntrack
    case .unknown: false
    }
  }

  /// Whether loading it turns connection counters on.
  public var enablesAccounting: Bool {
    switch self {
    case .`addrtype`(let value): value.enablesAccounting
    case .`comment`(let value): value.enablesAccounting
    case .`connbytes`(let value): value.enablesAccounting
    case .`connmark`(let value): value.enablesAccounting
    case .`conntrack`(let value): value.enablesAccounting
    case .`dscp`(let value): value.enablesAccounting
    case .`ecn`(let value): value.enablesAccounting
    case .`esp`(let value): value.enablesAccounting
    case .`hashlimit`(let value): value.enablesAccounting
    case .`helper`(let value): value.enablesAccounting
    case .`icmp`(let value): value.enablesAccounting
    case .`iprange`(let value): value.enablesAccounting
    case .`length`(let value): value.enablesAccounting
    case .`limit`(let value): value.enablesAccounting
    case .`mac`(let value): value.enablesAccounting
    case .`mark`(let value): value.enablesAccounting
    case .`multiport`(let value): value.enablesAccounting
    case .`owner`(let value): value.enablesAccounting
    case .`physdev`(let value): value.enablesAccounting
    case .`pkttype`(let value): value.enablesAccounting
    case .`policy`(let value): value.enablesAccounting
    case .`quota`(let value): value.enablesAccounting
    case .`recent`(let value): value.enablesAccounting
    case .`rpfilter`(let value): value.enablesAccounting
    case .`state`(let value): value.enablesAccounting
    case .`statistic`(let value): value.enablesAccounting
    case .`string`(let value): value.enablesAccounting
    case .`tcp`(let value): value.enablesAccounting
    case .`tcpmss`(let value): value.enablesAccounting
    case .`tos`(let value): value.enablesAccounting
    case .`ttl`(let value): value.enablesAccounting
    case .`u32`(let value): value.enablesAccounting
    case .`udp`(let value): value.enablesAccounting
    case .unknown: false
    }
  }

  /// The text that `iptables -L` prints.
  public func listing(_ style: ListStyle) -> String {
    switch self {
    case .`addrtype`(let value): value.listing(style)
    case .`comment`(let value): value.listing(style)
    case .`connbytes`(let value): value.listing(style)
    case .`connmark`(let value): value.listing(style)
    case .`conntrack`(let value): value.listing(style)
    case .`dscp`(let value): value.listing(style)
    case .`ecn`(let value): value.listing(style)
    case .`esp`(let value): value.listing(style)
    case .`hashlimit`(let value): value.listing(style)
    case .`helper`(let value): value.listing(style)
    case .`icmp`(let value): value.listing(style)
    case .`iprange`(let value): value.listing(style)
    case .`length`(let value): value.listing(style)
    case .`limit`(let value): value.listing(style)
    case .`mac`(let value): value.listing(style)
    case .`mark`(let value): value.listing(style)
    case .`multiport`(let value): value.listing(style)
    case .`owner`(let value): value.listing(style)
    case .`physdev`(let value): value.listing(style)
    case .`pkttype`(let value): value.listing(style)
    case .`policy`(let value): value.listing(style)
    case .`quota`(let value): value.listing(style)
    case .`recent`(let value): value.listing(style)
    case .`rpfilter`(let value): value.listing(style)
    case .`state`(let value): value.listing(style)
    case .`statistic`(let value): value.listing(style)
    case .`string`(let value): value.listing(style)
    case .`tcp`(let value): value.listing(style)
    case .`tcpmss`(let value): value.listing(style)
    case .`tos`(let value): value.listing(style)
    case .`ttl`(let value): value.listing(style)
    case .`u32`(let value): value.listing(style)
    case .`udp`(let value): value.listing(style)
    case .unknown(let value): "[unknown match \(value.name)]"
    }
  }

  /// Prints the options as `iptables-save` does.
  public func save(into writer: inout SaveWriter) {
    switch self {
    case .`addrtype`(let value): value.save(into: &writer)
    case .`comment`(let value): value.save(into: &writer)
    case .`connbytes`(let value): value.save(into: &writer)
    case .`connmark`(let value): value.save(into: &writer)
    case .`conntrack`(let value): value.save(into: &writer)
    case .`dscp`(let value): value.save(into: &writer)
    case .`ecn`(let value): value.save(into: &writer)
    case .`esp`(let value): value.save(into: &writer)
    case .`hashlimit`(let value): value.save(into: &writer)
    case .`helper`(let value): value.save(into: &writer)
    case .`icmp`(let value): value.save(into: &writer)
    case .`iprange`(let value): value.save(into: &writer)
    case .`length`(let value): value.save(into: &writer)
    case .`limit`(let value): value.save(into: &writer)
    case .`mac`(let value): value.save(into: &writer)
    case .`mark`(let value): value.save(into: &writer)
    case .`multiport`(let value): value.save(into: &writer)
    case .`owner`(let value): value.save(into: &writer)
    case .`physdev`(let value): value.save(into: &writer)
    case .`pkttype`(let value): value.save(into: &writer)
    case .`policy`(let value): value.save(into: &writer)
    case .`quota`(let value): value.save(into: &writer)
    case .`recent`(let value): value.save(into: &writer)
    case .`rpfilter`(let value): value.save(into: &writer)
    case .`state`(let value): value.save(into: &writer)
    case .`statistic`(let value): value.save(into: &writer)
    case .`string`(let value): value.save(into: &writer)
    case .`tcp`(let value): value.save(into: &writer)
    case .`tcpmss`(let value): value.save(into: &writer)
    case .`tos`(let value): value.save(into: &writer)
    case .`ttl`(let value): value.save(into: &writer)
    case .`u32`(let value): value.save(into: &writer)
    case .`udp`(let value): value.save(into: &writer)
    case .unknown(let value): value.save(into: &writer)
    }
  }

  /// The state that a rule with it starts with.
  public func initialState(_ services: any HostServices) -> MatchState {
    switch self {
    case .`addrtype`(let value): value.initialState(services)
    case .`comment`(let value): value.initialState(services)
    case .`connbytes`(let value): value.initialState(services)
    case .`connmark`(let value): value.initialState(services)
    case .`conntrack`(let value): value.initialState(services)
    case .`dscp`(let value): value.initialState(services)
    case .`ecn`(let value): value.initialState(services)
    case .`esp`(let value): value.initialState(services)
    case .`hashlimit`(let value): value.initialState(services)
    case .`helper`(let value): value.initialState(services)
    case .`icmp`(let value): value.initialState(services)
    case .`iprange`(let value): value.initialState(services)
    case .`length`(let value): value.initialState(services)
    case .`limit`(let value): value.initialState(services)
    case .`mac`(let value): value.initialState(services)
    case .`mark`(let value): value.initialState(services)
    case .`multiport`(let value): value.initialState(services)
    case .`owner`(let value): value.initialState(services)
    case .`physdev`(let value): value.initialState(services)
    case .`pkttype`(let value): value.initialState(services)
    case .`policy`(let value): value.initialState(services)
    case .`quota`(let value): value.initialState(services)
    case .`recent`(let value): value.initialState(services)
    case .`rpfilter`(let value): value.initialState(services)
    case .`state`(let value): value.initialState(services)
    case .`statistic`(let value): value.initialState(services)
    case .`string`(let value): value.initialState(services)
    case .`tcp`(let value): value.initialState(services)
    case .`tcpmss`(let value): value.initialState(services)
    case .`tos`(let value): value.initialState(services)
    case .`ttl`(let value): value.initialState(services)
    case .`u32`(let value): value.initialState(services)
    case .`udp`(let value): value.initialState(services)
    case .unknown: MatchState()
    }
  }

  /// The match as the walk calls it.
  public func compiled() -> CompiledMatch {
    switch self {
    case .`addrtype`(let value): CompiledAddrtypeMatch(value)
    case .`comment`(let value): CompiledCommentMatch(value)
    case .`connbytes`(let value): CompiledConnbytesMatch(value)
    case .`connmark`(let value): CompiledConnmarkMatch(value)
    case .`conntrack`(let value): CompiledConntrackMatch(value)
    case .`dscp`(let value): CompiledDSCPMatch(value)
    case .`ecn`(let value): CompiledECNMatch(value)
    case .`esp`(let value): CompiledESPMatch(value)
    case .`hashlimit`(let value): CompiledHashlimitMatch(value)
    case .`helper`(let value): CompiledHelperMatch(value)
    case .`icmp`(let value): CompiledICMPMatch(value)
    case .`iprange`(let value): CompiledIPRangeMatch(value)
    case .`length`(let value): CompiledLengthMatch(value)
    case .`limit`(let value): CompiledLimitMatch(value)
    case .`mac`(let value): CompiledMacMatch(value)
    case .`mark`(let value): CompiledMarkMatch(value)
    case .`multiport`(let value): CompiledMultiportMatch(value)
    case .`owner`(let value): CompiledOwnerMatch(value)
    case .`physdev`(let value): CompiledPhysdevMatch(value)
    case .`pkttype`(let value): CompiledPkttypeMatch(value)
    case .`policy`(let value): CompiledPolicyMatch(value)
    case .`quota`(let value): CompiledQuotaMatch(value)
    case .`recent`(let value): CompiledRecentMatch(value)
    case .`rpfilter`(let value): CompiledRpfilterMatch(value)
    case .`state`(let value): CompiledStateMatch(value)
    case .`statistic`(let value): CompiledStatisticMatch(value)
    case .`string`(let value): CompiledStringMatch(value)
    case .`tcp`(let value): CompiledTCPMatch(value)
    case .`tcpmss`(let value): CompiledTCPMSSMatch(value)
    case .`tos`(let value): CompiledTOSMatch(value)
    case .`ttl`(let value): CompiledTTLMatch(value)
    case .`u32`(let value): CompiledU32Match(value)
    case .`udp`(let value): CompiledUDPMatch(value)
    case .unknown: CompiledMatch()
    }
  }
}

private final class CompiledAddrtypeMatch: CompiledMatch {
  let value: AddrtypeMatch
  init(_ value: AddrtypeMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledCommentMatch: CompiledMatch {
  let value: CommentMatch
  init(_ value: CommentMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledConnbytesMatch: CompiledMatch {
  let value: ConnbytesMatch
  init(_ value: ConnbytesMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledConnmarkMatch: CompiledMatch {
  let value: ConnmarkMatch
  init(_ value: ConnmarkMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledConntrackMatch: CompiledMatch {
  let value: ConntrackMatch
  init(_ value: ConntrackMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledDSCPMatch: CompiledMatch {
  let value: DSCPMatch
  init(_ value: DSCPMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledECNMatch: CompiledMatch {
  let value: ECNMatch
  init(_ value: ECNMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledESPMatch: CompiledMatch {
  let value: ESPMatch
  init(_ value: ESPMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledHashlimitMatch: CompiledMatch {
  let value: HashlimitMatch
  init(_ value: HashlimitMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledHelperMatch: CompiledMatch {
  let value: HelperMatch
  init(_ value: HelperMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledICMPMatch: CompiledMatch {
  let value: ICMPMatch
  init(_ value: ICMPMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledIPRangeMatch: CompiledMatch {
  let value: IPRangeMatch
  init(_ value: IPRangeMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledLengthMatch: CompiledMatch {
  let value: LengthMatch
  init(_ value: LengthMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledLimitMatch: CompiledMatch {
  let value: LimitMatch
  init(_ value: LimitMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledMacMatch: CompiledMatch {
  let value: MacMatch
  init(_ value: MacMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledMarkMatch: CompiledMatch {
  let value: MarkMatch
  init(_ value: MarkMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledMultiportMatch: CompiledMatch {
  let value: MultiportMatch
  init(_ value: MultiportMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledOwnerMatch: CompiledMatch {
  let value: OwnerMatch
  init(_ value: OwnerMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledPhysdevMatch: CompiledMatch {
  let value: PhysdevMatch
  init(_ value: PhysdevMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledPkttypeMatch: CompiledMatch {
  let value: PkttypeMatch
  init(_ value: PkttypeMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledPolicyMatch: CompiledMatch {
  let value: PolicyMatch
  init(_ value: PolicyMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledQuotaMatch: CompiledMatch {
  let value: QuotaMatch
  init(_ value: QuotaMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledRecentMatch: CompiledMatch {
  let value: RecentMatch
  init(_ value: RecentMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledRpfilterMatch: CompiledMatch {
  let value: RpfilterMatch
  init(_ value: RpfilterMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledStateMatch: CompiledMatch {
  let value: StateMatch
  init(_ value: StateMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledStatisticMatch: CompiledMatch {
  let value: StatisticMatch
  init(_ value: StatisticMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledStringMatch: CompiledMatch {
  let value: StringMatch
  init(_ value: StringMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledTCPMatch: CompiledMatch {
  let value: TCPMatch
  init(_ value: TCPMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledTCPMSSMatch: CompiledMatch {
  let value: TCPMSSMatch
  init(_ value: TCPMSSMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledTOSMatch: CompiledMatch {
  let value: TOSMatch
  init(_ value: TOSMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledTTLMatch: CompiledMatch {
  let value: TTLMatch
  init(_ value: TTLMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledU32Match: CompiledMatch {
  let value: U32Match
  init(_ value: U32Match) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

private final class CompiledUDPMatch: CompiledMatch {
  let value: UDPMatch
  init(_ value: UDPMatch) { self.value = value }
  override func matches(_ packet: inout PacketContext, _ state: inout MatchState) -> MatchResult {
    value.matches(&packet, &state)
  }
}

/// Every target extension; generated.
public enum Target: Sendable {
  /// `CHECKSUMTarget`.
  case `checksum`(CHECKSUMTarget)
  /// `CLASSIFYTarget`.
  case `classify`(CLASSIFYTarget)
  /// `CONNMARKTarget`.
  case `connmark`(CONNMARKTarget)
  /// `CTTarget`.
  case `ct`(CTTarget)
  /// `DNATTarget`.
  case `dnat`(DNATTarget)
  /// `DSCPTarget`.
  case `dscp`(DSCPTarget)
  /// `ECNTarget`.
  case `ecn`(ECNTarget)
  /// `LOGTarget`.
  case `log`(LOGTarget)
  /// `MARKTarget`.
  case `mark`(MARKTarget)
  /// `MASQUERADETarget`.
  case `masquerade`(MASQUERADETarget)
  /// `NETMAPTarget`.
  case `netmap`(NETMAPTarget)
  /// `NFLOGTarget`.
  case `nflog`(NFLOGTarget)
  /// `NFQUEUETarget`.
  case `nfqueue`(NFQUEUETarget)
  /// `NOTRACKTarget`.
  case `notrack`(NOTRACKTarget)
  /// `REDIRECTTarget`.
  case `redirect`(REDIRECTTarget)
  /// `REJECTTarget`.
  case `reject`(REJECTTarget)
  /// `SNATTarget`.
  case `snat`(SNATTarget)
  /// `TCPMSSTarget`.
  case `tcpmss`(TCPMSSTarget)
  /// `TCPOPTSTRIPTarget`.
  case `tcpoptstrip`(TCPOPTSTRIPTarget)
  /// `TOSTarget`.
  case `tos`(TOSTarget)
  /// `TRACETarget`.
  case `trace`(TRACETarget)
  /// `TTLTarget`.
  case `ttl`(TTLTarget)
  /// One that nothing here knows; kept whole.
  case unknown(UnknownExtension)

  /// One of each, as they are before any option was read.
  public static let all: [Target] = [
    .`checksum`(CHECKSUMTarget()),
    .`classify`(CLASSIFYTarget()),
    .`connmark`(CONNMARKTarget()),
    .`ct`(CTTarget()),
    .`dnat`(DNATTarget()),
    .`dscp`(DSCPTarget()),
    .`ecn`(ECNTarget()),
    .`log`(LOGTarget()),
    .`mark`(MARKTarget()),
    .`masquerade`(MASQUERADETarget()),
    .`netmap`(NETMAPTarget()),
    .`nflog`(NFLOGTarget()),
    .`nfqueue`(NFQUEUETarget()),
    .`notrack`(NOTRACKTarget()),
    .`redirect`(REDIRECTTarget()),
    .`reject`(REJECTTarget()),
    .`snat`(SNATTarget()),
    .`tcpmss`(TCPMSSTarget()),
    .`tcpoptstrip`(TCPOPTSTRIPTarget()),
    .`tos`(TOSTarget()),
    .`trace`(TRACETarget()),
    .`ttl`(TTLTarget()),
  ]

  /// The facts, or nil for an unknown one.
  public var spec: ExtensionSpec? {
    switch self {
    case .`checksum`: CHECKSUMTarget.spec
    case .`classify`: CLASSIFYTarget.spec
    case .`connmark`: CONNMARKTarget.spec
    case .`ct`: CTTarget.spec
    case .`dnat`: DNATTarget.spec
    case .`dscp`: DSCPTarget.spec
    case .`ecn`: ECNTarget.spec
    case .`log`: LOGTarget.spec
    case .`mark`: MARKTarget.spec
    case .`masquerade`: MASQUERADETarget.spec
    case .`netmap`: NETMAPTarget.spec
    case .`nflog`: NFLOGTarget.spec
    case .`nfqueue`: NFQUEUETarget.spec
    case .`notrack`: NOTRACKTarget.spec
    case .`redirect`: REDIRECTTarget.spec
    case .`reject`: REJECTTarget.spec
    case .`snat`: SNATTarget.spec
    case .`tcpmss`: TCPMSSTarget.spec
    case .`tcpoptstrip`: TCPOPTSTRIPTarget.spec
    case .`tos`: TOSTarget.spec
    case .`trace`: TRACETarget.spec
    case .`ttl`: TTLTarget.spec
    case .unknown: nil
    }
  }

  /// The name as `-m` or `-j` takes it.
  public var name: String {
    switch self {
    case .`checksum`: CHECKSUMTarget.spec.name
    case .`classify`: CLASSIFYTarget.spec.name
    case .`connmark`: CONNMARKTarget.spec.name
    case .`ct`: CTTarget.spec.name
    case .`dnat`: DNATTarget.spec.name
    case .`dscp`: DSCPTarget.spec.name
    case .`ecn`: ECNTarget.spec.name
    case .`log`: LOGTarget.spec.name
    case .`mark`: MARKTarget.spec.name
    case .`masquerade`: MASQUERADETarget.spec.name
    case .`netmap`: NETMAPTarget.spec.name
    case .`nflog`: NFLOGTarget.spec.name
    case .`nfqueue`: NFQUEUETarget.spec.name
    case .`notrack`: NOTRACKTarget.spec.name
    case .`redirect`: REDIRECTTarget.spec.name
    case .`reject`: REJECTTarget.spec.name
    case .`snat`: SNATTarget.spec.name
    case .`tcpmss`: TCPMSSTarget.spec.name
    case .`tcpoptstrip`: TCPOPTSTRIPTarget.spec.name
    case .`tos`: TOSTarget.spec.name
    case .`trace`: TRACETarget.spec.name
    case .`ttl`: TTLTarget.spec.name
    case .unknown(let value): value.name
    }
  }

  /// The option table without its functions.
  public var signatures: [OptionSignature] {
    switch self {
    case .`checksum`: CHECKSUMTarget.signatures
    case .`classify`: CLASSIFYTarget.signatures
    case .`connmark`: CONNMARKTarget.signatures
    case .`ct`: CTTarget.signatures
    case .`dnat`: DNATTarget.signatures
    case .`dscp`: DSCPTarget.signatures
    case .`ecn`: ECNTarget.signatures
    case .`log`: LOGTarget.signatures
    case .`mark`: MARKTarget.signatures
    case .`masquerade`: MASQUERADETarget.signatures
    case .`netmap`: NETMAPTarget.signatures
    case .`nflog`: NFLOGTarget.signatures
    case .`nfqueue`: NFQUEUETarget.signatures
    case .`notrack`: NOTRACKTarget.signatures
    case .`redirect`: REDIRECTTarget.signatures
    case .`reject`: REJECTTarget.signatures
    case .`snat`: SNATTarget.signatures
    case .`tcpmss`: TCPMSSTarget.signatures
    case .`tcpoptstrip`: TCPOPTSTRIPTarget.signatures
    case .`tos`: TOSTarget.signatures
    case .`trace`: TRACETarget.signatures
    case .`ttl`: TTLTarget.signatures
    case .unknown: []
    }
  }

  /// The extension's own cases.
  public var examples: [ExtensionExample] {
    switch self {
    case .`checksum`: CHECKSUMTarget.examples
    case .`classify`: CLASSIFYTarget.examples
    case .`connmark`: CONNMARKTarget.examples
    case .`ct`: CTTarget.examples
    case .`dnat`: DNATTarget.examples
    case .`dscp`: DSCPTarget.examples
    case .`ecn`: ECNTarget.examples
    case .`log`: LOGTarget.examples
    case .`mark`: MARKTarget.examples
    case .`masquerade`: MASQUERADETarget.examples
    case .`netmap`: NETMAPTarget.examples
    case .`nflog`: NFLOGTarget.examples
    case .`nfqueue`: NFQUEUETarget.examples
    case .`notrack`: NOTRACKTarget.examples
    case .`redirect`: REDIRECTTarget.examples
    case .`reject`: REJECTTarget.examples
    case .`snat`: SNATTarget.examples
    case .`tcpmss`: TCPMSSTarget.examples
    case .`tcpoptstrip`: TCPOPTSTRIPTarget.examples
    case .`tos`: TOSTarget.examples
    case .`trace`: TRACETarget.examples
    case .`ttl`: TTLTarget.examples
    case .unknown: []
    }
  }

  /// Stores the option with an index of `signatures`.
  public mutating func parseOption(_ index: Int, _ argument: OptionArgument) throws(OptionError) {
    switch self {
    case .`checksum`(var value):
      try value.parseOption(index, argument)
      self = .`checksum`(value)
    case .`classify`(var value):
      try value.parseOption(index, argument)
      self = .`classify`(value)
    case .`connmark`(var value):
      try value.parseOption(index, argument)
      self = .`connmark`(value)
    case .`ct`(var value):
      try value.parseOption(index, argument)
      self = .`ct`(value)
    case .`dnat`(var value):
      try value.parseOption(index, argument)
      self = .`dnat`(value)
    case .`dscp`(var value):
      try value.parseOption(index, argument)
      self = .`dscp`(value)
    case .`ecn`(var value):
      try value.parseOption(index, argument)
      self = .`ecn`(value)
    case .`log`(var value):
      try value.parseOption(index, argument)
      self = .`log`(value)
    case .`mark`(var value):
      try value.parseOption(index, argument)
      self = .`mark`(value)
    case .`masquerade`(var value):
      try value.parseOption(index, argument)
      self = .`masquerade`(value)
    case .`netmap`(var value):
      try value.parseOption(index, argument)
      self = .`netmap`(value)
    case .`nflog`(var value):
      try value.parseOption(index, argument)
      self = .`nflog`(value)
    case .`nfqueue`(var value):
      try value.parseOption(index, argument)
      self = .`nfqueue`(value)
    case .`notrack`(var value):
      try value.parseOption(index, argument)
      self = .`notrack`(value)
    case .`redirect`(var value):
      try value.parseOption(index, argument)
      self = .`redirect`(value)
    case .`reject`(var value):
      try value.parseOption(index, argument)
      self = .`reject`(value)
    case .`snat`(var value):
      try value.parseOption(index, argument)
      self = .`snat`(value)
    case .`tcpmss`(var value):
      try value.parseOption(index, argument)
      self = .`tcpmss`(value)
    case .`tcpoptstrip`(var value):
      try value.parseOption(index, argument)
      self = .`tcpoptstrip`(value)
    case .`tos`(var value):
      try value.parseOption(index, argument)
      self = .`tos`(value)
    case .`trace`(var value):
      try value.parseOption(index, argument)
      self = .`trace`(value)
    case .`ttl`(var value):
      try value.parseOption(index, argument)
      self = .`ttl`(value)
    case .unknown: throw OptionError("there is no such option")
    }
  }

  /// Settles and checks the options after all were read.
  public mutating func finish(_ rule: RuleSurroundings) throws(OptionError) {
    switch self {
    case .`checksum`(var value):
      try value.finish(rule)
      self = .`checksum`(value)
    case .`classify`(var value):
      try value.finish(rule)
      self = .`classify`(value)
    case .`connmark`(var value):
      try value.finish(rule)
      self = .`connmark`(value)
    case .`ct`(var value):
      try value.finish(rule)
      self = .`ct`(value)
    case .`dnat`(var value):
      try value.finish(rule)
      self = .`dnat`(value)
    case .`dscp`(var value):
      try value.finish(rule)
      self = .`dscp`(value)
    case .`ecn`(var value):
      try value.finish(rule)
      self = .`ecn`(value)
    case .`log`(var value):
      try value.finish(rule)
      self = .`log`(value)
    case .`mark`(var value):
      try value.finish(rule)
      self = .`mark`(value)
    case .`masquerade`(var value):
      try value.finish(rule)
      self = .`masquerade`(value)
    case .`netmap`(var value):
      try value.finish(rule)
      self = .`netmap`(value)
    case .`nflog`(var value):
      try value.finish(rule)
      self = .`nflog`(value)
    case .`nfqueue`(var value):
      try value.finish(rule)
      self = .`nfqueue`(value)
    case .`notrack`(var value):
      try value.finish(rule)
      self = .`notrack`(value)
    case .`redirect`(var value):
      try value.finish(rule)
      self = .`redirect`(value)
    case .`reject`(var value):
      try value.finish(rule)
      self = .`reject`(value)
    case .`snat`(var value):
      try value.finish(rule)
      self = .`snat`(value)
    case .`tcpmss`(var value):
      try value.finish(rule)
      self = .`tcpmss`(value)
    case .`tcpoptstrip`(var value):
      try value.finish(rule)
      self = .`tcpoptstrip`(value)
    case .`tos`(var value):
      try value.finish(rule)
      self = .`tos`(value)
    case .`trace`(var value):
      try value.finish(rule)
      self = .`trace`(value)
    case .`ttl`(var value):
      try value.finish(rule)
      self = .`ttl`(value)
    case .unknown: break
    }
  }

  /// What the kernel refuses about it in this rule, or nil.
  public func kernelRefusal(_ rule: RuleSurroundings) -> OptionError? {
    switch self {
    case .`checksum`(let value): value.kernelRefusal(rule)
    case .`classify`(let value): value.kernelRefusal(rule)
    case .`connmark`(let value): value.kernelRefusal(rule)
    case .`ct`(let value): value.kernelRefusal(rule)
    case .`dnat`(let value): value.kernelRefusal(rule)
    case .`dscp`(let value): value.kernelRefusal(rule)
    case .`ecn`(let value): value.kernelRefusal(rule)
    case .`log`(let value): value.kernelRefusal(rule)
    case .`mark`(let value): value.kernelRefusal(rule)
    case .`masquerade`(let value): value.kernelRefusal(rule)
    case .`netmap`(let value): value.kernelRefusal(rule)
    case .`nflog`(let value): value.kernelRefusal(rule)
    case .`nfqueue`(let value): value.kernelRefusal(rule)
    case .`notrack`(let value): value.kernelRefusal(rule)
    case .`redirect`(let value): value.kernelRefusal(rule)
    case .`reject`(let value): value.kernelRefusal(rule)
    case .`snat`(let value): value.kernelRefusal(rule)
    case .`tcpmss`(let value): value.kernelRefusal(rule)
    case .`tcpoptstrip`(let value): value.kernelRefusal(rule)
    case .`tos`(let value): value.kernelRefusal(rule)
    case .`trace`(let value): value.kernelRefusal(rule)
    case .`ttl`(let value): value.kernelRefusal(rule)
    case .unknown: nil
    }
  }

  /// Whether loading it turns connection tracking on.
  public var enablesConntrack: Bool {
    switch self {
    case .`checksum`(let value): value.enablesConntrack
    case .`classify`(let value): value.enablesConntrack
    case .`connmark`(let value): value.enablesConntrack
    case .`ct`(let value): value.enablesConntrack
    case .`dnat`(let value): value.enablesConntrack
    case .`dscp`(let value): value.enablesConntrack
    case .`ecn`(let value): value.enablesConntrack
    case .`log`(let value): value.enablesConntrack
    case .`mark`(let value): value.enablesConntrack
    case .`masquerade`(let value): value.enablesConntrack
    case .`netmap`(let value): value.enablesConntrack
    case .`nflog`(let value): value.enablesConntrack
    case .`nfqueue`(let value): value.enablesConntrack
    case .`notrack`(let value): value.enablesConntrack
    case .`redirect`(let value): value.enablesConntrack
    case .`reject`(let value): value.enablesConntrack
    case .`snat`(let value): value.enablesConntrack
    case .`tcpmss`(let value): value.enablesConntrack
    case .`tcpoptstrip`(let value): value.enablesConntrack
    case .`tos`(let value): value.enablesConntrack
    case .`trace`(let value): value.enablesConntrack
    case .`ttl`(let value): value.enablesConntrack
    case .unknown: false
    }
  }

  /// Whether loading it turns connection counters on.
  public var enablesAccounting: Bool {
    switch self {
    case .`checksum`(let value): value.enablesAccounting
    case .`classify`(let value): value.enablesAccounting
    case .`connmark`(let value): value.enablesAccounting
    case .`ct`(let value): value.enablesAccounting
    case .`dnat`(let value): value.enablesAccounting
    case .`dscp`(let value): value.enablesAccounting
    case .`ecn`(let value): value.enablesAccounting
    case .`log`(let value): value.enablesAccounting
    case .`mark`(let value): value.enablesAccounting
    case .`masquerade`(let value): value.enablesAccounting
    case .`netmap`(let value): value.enablesAccounting
    case .`nflog`(let value): value.enablesAccounting
    case .`nfqueue`(let value): value.enablesAccounting
    case .`notrack`(let value): value.enablesAccounting
    case .`redirect`(let value): value.enablesAccounting
    case .`reject`(let value): value.enablesAccounting
    case .`snat`(let value): value.enablesAccounting
    case .`tcpmss`(let value): value.enablesAccounting
    case .`tcpoptstrip`(let value): value.enablesAccounting
    case .`tos`(let value): value.enablesAccounting
    case .`trace`(let value): value.enablesAccounting
    case .`ttl`(let value): value.enablesAccounting
    case .unknown: false
    }
  }

  /// The text that `iptables -L` prints.
  public func listing(_ style: ListStyle) -> String {
    switch self {
    case .`checksum`(let value): value.listing(style)
    case .`classify`(let value): value.listing(style)
    case .`connmark`(let value): value.listing(style)
    case .`ct`(let value): value.listing(style)
    case .`dnat`(let value): value.listing(style)
    case .`dscp`(let value): value.listing(style)
    case .`ecn`(let value): value.listing(style)
    case .`log`(let value): value.listing(style)
    case .`mark`(let value): value.listing(style)
    case .`masquerade`(let value): value.listing(style)
    case .`netmap`(let value): value.listing(style)
    case .`nflog`(let value): value.listing(style)
    case .`nfqueue`(let value): value.listing(style)
    case .`notrack`(let value): value.listing(style)
    case .`redirect`(let value): value.listing(style)
    case .`reject`(let value): value.listing(style)
    case .`snat`(let value): value.listing(style)
    case .`tcpmss`(let value): value.listing(style)
    case .`tcpoptstrip`(let value): value.listing(style)
    case .`tos`(let value): value.listing(style)
    case .`trace`(let value): value.listing(style)
    case .`ttl`(let value): value.listing(style)
    case .unknown(let value): "[unknown target \(value.name)]"
    }
  }

  /// Prints the options as `iptables-save` does.
  public func save(into writer: inout SaveWriter) {
    switch self {
    case .`checksum`(let value): value.save(into: &writer)
    case .`classify`(let value): value.save(into: &writer)
    case .`connmark`(let value): value.save(into: &writer)
    case .`ct`(let value): value.save(into: &writer)
    case .`dnat`(let value): value.save(into: &writer)
    case .`dscp`(let value): value.save(into: &writer)
    case .`ecn`(let value): value.save(into: &writer)
    case .`log`(let value): value.save(into: &writer)
    case .`mark`(let value): value.save(into: &writer)
    case .`masquerade`(let value): value.save(into: &writer)
    case .`netmap`(let value): value.save(into: &writer)
    case .`nflog`(let value): value.save(into: &writer)
    case .`nfqueue`(let value): value.save(into: &writer)
    case .`notrack`(let value): value.save(into: &writer)
    case .`redirect`(let value): value.save(into: &writer)
    case .`reject`(let value): value.save(into: &writer)
    case .`snat`(let value): value.save(into: &writer)
    case .`tcpmss`(let value): value.save(into: &writer)
    case .`tcpoptstrip`(let value): value.save(into: &writer)
    case .`tos`(let value): value.save(into: &writer)
    case .`trace`(let value): value.save(into: &writer)
    case .`ttl`(let value): value.save(into: &writer)
    case .unknown(let value): value.save(into: &writer)
    }
  }

  /// Acts on the packet.
  public func apply(_ packet: inout PacketContext) -> TargetResult {
    switch self {
    case .`checksum`(let value): value.apply(&packet)
    case .`classify`(let value): value.apply(&packet)
    case .`connmark`(let value): value.apply(&packet)
    case .`ct`(let value): value.apply(&packet)
    case .`dnat`(let value): value.apply(&packet)
    case .`dscp`(let value): value.apply(&packet)
    case .`ecn`(let value): value.apply(&packet)
    case .`log`(let value): value.apply(&packet)
    case .`mark`(let value): value.apply(&packet)
    case .`masquerade`(let value): value.apply(&packet)
    case .`netmap`(let value): value.apply(&packet)
    case .`nflog`(let value): value.apply(&packet)
    case .`nfqueue`(let value): value.apply(&packet)
    case .`notrack`(let value): value.apply(&packet)
    case .`redirect`(let value): value.apply(&packet)
    case .`reject`(let value): value.apply(&packet)
    case .`snat`(let value): value.apply(&packet)
    case .`tcpmss`(let value): value.apply(&packet)
    case .`tcpoptstrip`(let value): value.apply(&packet)
    case .`tos`(let value): value.apply(&packet)
    case .`trace`(let value): value.apply(&packet)
    case .`ttl`(let value): value.apply(&packet)
    case .unknown(let value): .unknown("target `\(value.name)` is not known here")
    }
  }
}
