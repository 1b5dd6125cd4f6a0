// Records that rules write.

/// What a line of the kernel log goes into (kernel: `NF_LOG_TCPSEQ` and its siblings).
public struct LogDetail: Hashable, Sendable {
  /// TCP sequence numbers.
  public var sequence: Bool
  /// TCP options.
  public var tcpOptions: Bool
  /// IP options.
  public var ipOptions: Bool
  /// The user of the sending socket.
  public var owner: Bool

  /// Makes a detail; all of it without arguments, as TRACE shows it.
  public init(sequence: Bool = true, tcpOptions: Bool = true, ipOptions: Bool = true, owner: Bool = true) {
    self.sequence = sequence
    self.tcpOptions = tcpOptions
    self.ipOptions = ipOptions
    self.owner = owner
  }
}

/// A record that LOG, NFLOG or another target writes.
public struct LogRecord: Hashable, Sendable {
  /// The target that wrote it, as `-j` names it.
  public var target: String
  /// The prefix.
  public var prefix: String
  /// The syslog level of LOG (0...7), or the group of NFLOG.
  public var number: UInt32
  /// What a line of the kernel log goes into; nil for a record that does not go there.
  public var detail: LogDetail?

  /// Makes a record.
  public init(target: String, prefix: String, number: UInt32, detail: LogDetail? = nil) {
    self.target = target
    self.prefix = prefix
    self.number = number
    self.detail = detail
  }
}
