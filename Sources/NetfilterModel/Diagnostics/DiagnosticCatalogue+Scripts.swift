// Problems of scripts of iptables commands: 1501 to 1599. A number is never given twice, and new entries come last.

extension DiagnosticID {
  /// A command of a script is refused, as the real one would be.
  public static let commandRefused = DiagnosticID(
    1501, "command-refused", "A command of a script is refused, as the real one would be", .warning)
  /// A line of a script depends on what is not known, and was not read.
  public static let lineNotRead = DiagnosticID(
    1502, "line-not-read", "A line of a script depends on what is not known, and was not read")
  /// A script cannot be read to its end.
  public static let scriptBroken = DiagnosticID(
    1503, "script-broken", "A script cannot be read to its end")
  /// Something about a script that does not change what comes of it.
  public static let scriptRemark = DiagnosticID(
    1504, "script-remark", "Something about a script that does not change what comes of it", .note)
  /// Commands of a script are not done here, and count as done.
  public static let commandAssumed = DiagnosticID(
    1505, "command-assumed", "Commands of a script are not done here, and count as done", .note)
  /// A tool of nftables is read as the legacy one.
  public static let nftTool = DiagnosticID(
    1506, "nft-tool", "A tool of nftables is read as the legacy one", .note)
  /// A change of the host that a script makes is not done here.
  public static let changeNotApplied = DiagnosticID(
    1507, "change-not-applied", "A change of the host that a script makes is not done here", .warning)
}

extension DiagnosticCatalogue {
  static let scripts: [DiagnosticID] = [
    .commandRefused, .lineNotRead, .scriptBroken, .scriptRemark, .commandAssumed, .nftTool,
    .changeNotApplied,
  ]
}
