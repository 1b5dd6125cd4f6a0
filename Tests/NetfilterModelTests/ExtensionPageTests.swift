// Docs/extensions.md lists every match and target from the registry.
// This test fails when it is stale; `HOOKWALK_RECORD=1 swift test --filter ExtensionPage` writes it anew.

import Foundation
import NetfilterModel
import Testing

@Suite struct ExtensionPageTests {
  @Test func pageIsUpToDate() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Docs/extensions.md").standardizedFileURL
    let fresh = Self.page()
    if ProcessInfo.processInfo.environment["HOOKWALK_RECORD"] != nil {
      try fresh.write(to: file, atomically: true, encoding: .utf8)
    }
    let stored = try String(contentsOf: file, encoding: .utf8)
    #expect(stored == fresh, "run: HOOKWALK_RECORD=1 swift test --filter ExtensionPage")
  }

  static func page() -> String {
    """
    # Matches and targets

    Every match and target of iptables 1.8.9 that is known here. This page is made from the code: `HOOKWALK_RECORD=1 swift test --filter
    ExtensionPage` writes it anew.

    - **Where**: the families, tables and chains that the kernel takes it in, and the protocols of which the rule must name one; nothing
      stands for everything.
    - **Undecided**: what decides it that neither the rules nor the packet say. A walk that depends on it says so and ends as `unknown`; where
      a test, a trace or a program says what it is, it is decided.
    - **Compared**: whether the kernel that everything is compared with has it. Where it has not, rules are read and printed as iptables
      does, and what they do is undecided or follows the manuals.

    ## Matches
    \(table(ExtensionRegistry.matches))

    ## Targets
    `ACCEPT`, `DROP`, `RETURN` and `QUEUE` are verdicts and always known.

    \(table(ExtensionRegistry.targets))

    """
  }

  /// A row for each name; the same name of two families has two.
  private static func table(_ kinds: [ExtensionKind]) -> String {
    let rows = kinds.map(\.spec).sorted {
      ($0.name.lowercased(), $0.families.count) < ($1.name.lowercased(), $1.families.count)
    }
    .map { spec in
      let name = ([spec.name] + spec.aliases).map { "`\($0)`" }.joined(separator: ", ")
      return
        "| \(name) | \(spec.summary) | \(place(spec)) | \(spec.outside ?? "") | \(spec.isCompared ? "yes" : "no") |"
    }
    return (["| name | what it does | where | undecided | compared |", "|---|---|---|---|---|"] + rows)
      .joined(separator: "\n")
  }

  private static func place(_ spec: ExtensionSpec) -> String {
    var parts: [String] = []
    if spec.families != AddressFamily.allCases {
      parts.append(spec.families.map { $0 == .ipv4 ? "IPv4" : "IPv6" }.joined(separator: ", "))
    }
    if spec.tables != .all { parts.append(spec.tables.tables.map { $0.name }.joined(separator: ", ")) }
    if spec.hooks != .all {
      parts.append(
        Hook.allCases.filter { spec.hooks.contains(HookSet($0)) }.map { $0.chainName }.joined(separator: ", "))
    }
    if !spec.protocols.isEmpty {
      parts.append("-p " + spec.protocols.map { $0.name ?? "\($0.rawValue)" }.joined(separator: ", "))
    }
    return parts.joined(separator: "; ")
  }

  /// A rule whose match asks what is outside is undecided in a walk, so the page must not be silent about it.
  @Test func whatIsNeverKnownSaysWhatIsMissing() {
    let silent = ["cpu", "nfacct", "rateest", "ipvs", "osf", "socket", "cgroup", "realm"].filter { name in
      !ExtensionRegistry.matches.contains { $0.spec.name == name && $0.spec.outside != nil }
    }
    #expect(silent.isEmpty)
  }
}
