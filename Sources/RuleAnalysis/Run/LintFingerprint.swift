// What a finding is known by again when lines move.

import NetfilterModel

/// What findings are known by again: their code, their rule, and their place among those that are the same.
public enum LintFingerprint {
  /// The fingerprint of each finding of a file, 32 hexadecimal digits, in order.
  public static func all(_ outcome: Linter.Outcome) -> [String] {
    var counts: [String: Int] = [:]
    return outcome.findings.map { finding in
      let subject = finding.subject.isEmpty ? finding.diagnostic.sourceLine : finding.subject
      let base = "\(finding.diagnostic.id.number) \(baseName(outcome.file)) \(subject)"
      counts[base, default: 0] += 1
      return hash(base + " \(counts[base] ?? 1)")
    }
  }

  /// The last part of a path: a file that moves with its folder stays the same.
  private static func baseName(_ path: String) -> String { path.split(separator: "/").last.map { String($0) } ?? path }

  /// 128 bits of FNV-1a in hexadecimal: the same on every machine (RFC draft-eastlake-fnv).
  static func hash(_ text: String) -> String {
    var value: UInt128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d
    for byte in text.utf8 {
      value ^= UInt128(byte)
      value = value &* 0x0000_0000_0100_0000_0000_0000_0000_013b
    }
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: max(0, 32 - digits.count)) + digits
  }
}
