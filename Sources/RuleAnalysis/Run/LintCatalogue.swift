// Every code with what looks for it.

import NetfilterModel

/// All codes of `hookwalk lint`.
public enum LintCatalogue {
  static let checks: [any LintCheck.Type] = [
    UnusedDirective.self, ForwardingOff.self, UnknownInterface.self, MissingMasquerade.self, SNATNotLocal.self,
    AfterCatchAll.self, ShadowedOpposite.self, RedundantRule.self, PartlyMasked.self, GuardAfterAccept.self,
    UnusedChain.self, EmptyChain.self, ReturnsOnlyChain.self, RuleWithoutTarget.self, NeverMatches.self,
    LogAfterTerminal.self, LimitIneffective.self, DockerUserAfterReturn.self, StateAcceptLate.self,
    ProbabilityChain.self, CoveredByLater.self, AcceptsOnly.self, RecentNeverSet.self, FragmentAfterConntrack.self,
    DNATNotForwarded.self, FilterUsesPreDNAT.self, RedirectInputPort.self, SNATWithoutOutput.self,
    DNATToLoopback.self, DNATTooWide.self, NATPerPacket.self, NearPrivateRange.self, InputNoEstablished.self,
    OutputNoEstablished.self, ForwardNoReply.self, NoLoopbackAccept.self, NoRelated.self, AcceptBySourcePort.self,
    UntrackedThenState.self, NewNotSYN.self, DeprecatedForm.self, ICMPNeverNew.self, StateAcceptsAll.self,
    MarkTooLate.self, HostBitsSet.self, MarkNeverSet.self, RuntimeRulesInFile.self, PolicyUndeclared.self,
    TraceLeft.self, InputOpenByDefault.self, ForwardOpen.self, SensitivePortOpen.self, LogUnlimited.self,
    ServiceWrongProtocol.self, LogPrefixWithoutSeparator.self, LogSaysDrop.self, TooBigBlocked.self,
    NeighbourDiscoveryBlocked.self, IPv6LeftOpen.self, ICMPWrongFamily.self,
  ]

  /// The codes, by number.
  public static let codes: [LintCode] = (checks.map { $0.code } + LoadPages.codes).sorted {
    $0.id.number < $1.id.number
  }

  /// The code with a number or a name, or nil.
  public static func code(_ text: String) -> LintCode? {
    codes.first { "\($0.id.number)" == text || $0.id.rawValue == text }
  }
}
