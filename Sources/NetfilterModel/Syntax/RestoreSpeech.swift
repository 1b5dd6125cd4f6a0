// What iptables-restore itself says of a rule file, and how it ends.

/// What iptables-restore says, line by line, up to the first problem, at which it ends.
struct RestoreSpeech: Sendable {
  /// The name that the tool has for itself.
  let tool: String
  /// The exit status: 0 loaded, 1 refused by libiptc or the kernel, 2 a line that cannot be read.
  private(set) var status = 0
  /// Standard error; nil when the words are not known.
  private(set) var message: String? = ""
  /// The line at which it ends, from 1; nil while nothing is wrong.
  private(set) var line: Int?

  init(family: AddressFamily) { tool = (family == .ipv4 ? "iptables" : "ip6tables") + "-restore" }

  /// Takes the problems of a line.
  mutating func hear(_ findings: [Finding], at line: Int) {
    if self.line != nil { return }
    for finding in findings {
      if case .warning(let words) = finding.refusal { message?.append(words + "\n") }
    }
    guard let error = findings.decisive else { return }
    self.line = line
    guard let refusal = error.refusal else {
      status = 2
      message = nil
      return
    }
    status = refusal.status == 1 ? 1 : 2
    message?.append(refusal.text(tool: tool, line: line))
  }

  /// Takes that the kernel refuses the table whose `COMMIT` stands in a line.
  mutating func fail(at line: Int) {
    if self.line != nil { return }
    self.line = line
    status = 1
    message?.append(ToolRefusal.system("").text(tool: tool, line: line))
  }
}

extension [Finding] {
  /// The error that the tool meets first: what it sees only when it has opened the table comes last. Nil without an error.
  var decisive: Finding? {
    let errors = filter { finding in
      if case .warning = finding.refusal { return false }
      return finding.severity == .error
    }
    return errors.first { $0.id == .tableInRule } ?? errors.first { $0.refusal?.isLate != true }
      ?? errors.first {
        if case .unknownTable = $0.refusal { true } else { false }
      } ?? errors.first
  }
}
