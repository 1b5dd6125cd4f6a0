// `hookwalk lint` as scripts use it: exit codes, settings, baselines, mending.

import Foundation
import Testing

@Suite struct LintCommandTests {
  static let clean = """
    *filter
    :INPUT DROP [0:0]
    :FORWARD DROP [0:0]
    :OUTPUT ACCEPT [0:0]
    -A INPUT -i lo -j ACCEPT
    -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
    COMMIT

    """
  /// A warning.
  static let hole = clean.replacingOccurrences(
    of: "COMMIT", with: "-A INPUT -p udp -m udp --sport 53 -j ACCEPT\nCOMMIT")
  /// An information.
  static let open = clean.replacingOccurrences(
    of: "COMMIT", with: "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT\nCOMMIT")
  static let masked = clean.replacingOccurrences(of: "COMMIT", with: "-A INPUT -s 10.0.0.2/24 -j ACCEPT\nCOMMIT")

  private func run(_ script: String) throws -> ShellRun {
    try ShellRun(
      script, files: ["clean.v4": Self.clean, "hole.v4": Self.hole, "open.v4": Self.open, "masked.v4": Self.masked])
  }

  @Test(arguments: [
    ("hookwalk lint clean.v4", 0), ("hookwalk lint hole.v4", 1), ("hookwalk lint open.v4", 0),
    ("hookwalk lint open.v4 --fail-on info", 1), ("hookwalk lint hole.v4 --fail-on error", 0),
    ("hookwalk lint hole.v4 --fail-on never", 0), ("hookwalk lint hole.v4 --ignore 4006", 0),
    ("hookwalk lint hole.v4 --ignore accept-by-sport", 0), ("hookwalk lint hole.v4 --select 2,3", 0),
    ("hookwalk lint", 2), ("hookwalk lint hole.v4 --select 12345", 2), ("hookwalk lint hole.v4 --format x", 2),
    ("hookwalk lint nothere.v4", 3), ("hookwalk lint nothere.v4 clean.v4", 3), ("hookwalk lint hole.v4 >/dev/full", 4),
    ("hookwalk lint - <hole.v4", 1), ("hookwalk lint .", 1), ("hookwalk lint --explain 4006", 0),
    ("hookwalk lint --explain missing-commit", 0), ("hookwalk lint --explain 1", 2), ("hookwalk lint --list", 0),
    ("printf '*filter\\n' | hookwalk lint -", 1),
  ]) func exitCodes(_ script: String, _ code: Int32) throws {
    let run = try run(script)
    #expect(run.code == code, "\(run.output)\(run.errors)")
  }

  @Test func aFindingHasItsPlace() throws {
    let run = try run("hookwalk lint hole.v4")
    #expect(
      run.output.hasPrefix("hole.v4:7:1: warning: whoever sends from source port 53 is let in [4006 accept-by-sport]\n")
    )
    #expect(run.output.contains("\n  ^~~~"))
    #expect(run.output.hasSuffix("1 file: 1 warning\n"))
  }

  @Test func aPacketIsRepeatedByTrace() throws {
    let run = try run("hookwalk lint open.v4 --proof | sed -n 's/^  proof: //p' >command; sh command")
    #expect(run.code == 0)
    #expect(run.output.contains("=> DELIVERED"), "\(run.output)\(run.errors)")
  }

  @Test func knownFindingsAreLeftOut() throws {
    let run = try run(
      "hookwalk lint hole.v4 --write-baseline known; sed -i '1i # moved' hole.v4; hookwalk lint hole.v4 --baseline known"
    )
    #expect(run.code == 0)
    #expect(run.output.hasSuffix("1 file: no findings, 1 ignored\n"))
  }

  @Test func settingsAreFoundUpwards() throws {
    let run = try run(
      "mkdir a; cp hole.v4 a; echo 'ignore = 4006' >.hookwalk; hookwalk lint a/hole.v4; cd a; hookwalk lint hole.v4")
    #expect(run.code == 0)
    #expect(try self.run("echo 'ignore = 4006' >.hookwalk; hookwalk lint --no-config hole.v4").code == 1)
    let wrong = try self.run("echo 'ingore = 4006' >.hookwalk; hookwalk lint hole.v4")
    #expect(wrong.code == 3)
    #expect(wrong.errors.contains("did you mean `ignore`?"))
  }

  @Test func whatIsSureIsMended() throws {
    let run = try run("hookwalk lint --diff masked.v4; hookwalk lint --fix masked.v4; cat masked.v4")
    #expect(run.output.contains("-" + "-A INPUT -s 10.0.0.2/24 -j ACCEPT\n+-A INPUT -s 10.0.0.0/24 -j ACCEPT\n"))
    #expect(run.output.contains("1 file: no findings\n"))
    #expect(run.output.hasSuffix(Self.masked.replacingOccurrences(of: "0.2/24", with: "0.0/24")))
  }

  @Test func aHostIsLookedAtWithItsRules() throws {
    let run = try run(
      "printf 'host gw\\niface eth0 203.0.113.1/24\\nrules v4 hole.v4\\n' >gw.flow; hookwalk lint gw.flow --format gcc")
    #expect(run.code == 1)
    #expect(run.output.hasPrefix("hole.v4:7:1: warning: "))
  }
}
