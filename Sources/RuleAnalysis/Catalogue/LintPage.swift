// The page of a code: what is wrong, how it is right, why, and when it may be meant.

import NetfilterModel

/// The page of a code, as `hookwalk lint --explain` prints it.
public struct LintPage: Hashable, Sendable {
  /// A rule file, or lines of one, that has the mistake.
  public var problematic: String
  /// The same without the mistake.
  public var correct: String
  /// Why it is a mistake, in a few sentences.
  public var why: String
  /// When it may be meant; empty for never.
  public var exceptions: String
  /// The family that both files are for.
  public var family: AddressFamily
  /// The host that both files run on, in the flow language; empty where none is needed.
  public var host: String
  /// The rules of the other family beside both files; empty where none are needed.
  public var otherFamily: String

  /// Makes a page.
  public init(
    problematic: String, correct: String, why: String, exceptions: String = "", family: AddressFamily = .ipv4,
    host: String = "", otherFamily: String = ""
  ) {
    self.problematic = problematic
    self.correct = correct
    self.why = why
    self.exceptions = exceptions
    self.family = family
    self.host = host
    self.otherFamily = otherFamily
  }

  /// Rules of table filter as a file: policies ACCEPT where the lines declare none.
  static func filter(_ lines: String, input: String = "DROP", forward: String = "DROP", output: String = "ACCEPT")
    -> String
  {
    "*filter\n:INPUT \(input) [0:0]\n:FORWARD \(forward) [0:0]\n:OUTPUT \(output) [0:0]\n\(lines)\nCOMMIT\n"
  }

  /// Rules of table nat as a file.
  static func nat(_ lines: String) -> String {
    let chains = ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"].map { ":\($0) ACCEPT [0:0]\n" }.joined()
    return "*nat\n\(chains)\(lines)\nCOMMIT\n"
  }

  /// The rules of an input chain that most servers have, around others.
  static func server(_ lines: String) -> String {
    filter("-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n\(lines)")
  }

  /// A router that lets its inner network out, around other rules of FORWARD.
  static func router(_ lines: String) -> String {
    filter(
      "-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
        + "-A FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n\(lines)")
  }
}
