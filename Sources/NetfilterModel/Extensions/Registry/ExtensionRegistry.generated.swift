// Generated from the files in Matches/ and Targets/. Do not edit: run
// HOOKWALK_RECORD=1 swift test --filter ExtensionRegistry
// swift-format-ignore-file

/// Every kind of match and target.
public enum ExtensionRegistry {
  /// The matches, by the names of their types.
  public static let matches: [ExtensionKind] = [
    .match(AddrtypeMatch.self),
    .match(AHMatch.self),
    .match(CommentMatch.self),
    .match(ConnbytesMatch.self),
    .match(ConnmarkMatch.self),
    .match(ConntrackMatch.self),
    .match(DSCPMatch.self),
    .match(ECNMatch.self),
    .match(ESPMatch.self),
    .match(HashlimitMatch.self),
    .match(HelperMatch.self),
    .match(ICMPMatch.self),
    .match(IPRangeMatch.self),
    .match(LengthMatch.self),
    .match(LimitMatch.self),
    .match(MacMatch.self),
    .match(MarkMatch.self),
    .match(MultiportMatch.self),
    .match(OwnerMatch.self),
    .match(PhysdevMatch.self),
    .match(PkttypeMatch.self),
    .match(PolicyMatch.self),
    .match(QuotaMatch.self),
    .match(RecentMatch.self),
    .match(RpfilterMatch.self),
    .match(StateMatch.self),
    .match(StatisticMatch.self),
    .match(StringMatch.self),
    .match(TCPMatch.self),
    .match(TCPMSSMatch.self),
    .match(TOSMatch.self),
    .match(TTLMatch.self),
    .match(U32Match.self),
    .match(UDPMatch.self),
  ]

  /// The targets, by the names of their types.
  public static let targets: [ExtensionKind] = [
    .target(CHECKSUMTarget.self),
    .target(CLASSIFYTarget.self),
    .target(CONNMARKTarget.self),
    .target(CTTarget.self),
    .target(DNATTarget.self),
    .target(DSCPTarget.self),
    .target(ECNTarget.self),
    .target(LOGTarget.self),
    .target(MARKTarget.self),
    .target(MASQUERADETarget.self),
    .target(NETMAPTarget.self),
    .target(NFLOGTarget.self),
    .target(NFQUEUETarget.self),
    .target(NOTRACKTarget.self),
    .target(REDIRECTTarget.self),
    .target(REJECTTarget.self),
    .target(SNATTarget.self),
    .target(TCPMSSTarget.self),
    .target(TCPOPTSTRIPTarget.self),
    .target(TOSTarget.self),
    .target(TRACETarget.self),
    .target(TTLTarget.self),
  ]
}
