// 3010: a proxy whose own connections come back to it.

import NetfilterModel

/// 3010: a rule of nat/OUTPUT redirects all connections to a port, also those of the program that they are redirected to.
enum OutputRedirectHijack: LintCheck {
  static let code = LintCode(
    3010, "output-redirect-hijack", .warning, "A redirection in OUTPUT also takes the connections of its own proxy",
    page: LintPage(
      problematic: LintPage.nat("-A OUTPUT -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 3128"),
      correct: LintPage.nat(
        "-A OUTPUT -p tcp -m tcp --dport 80 -m owner ! --uid-owner 13 -j REDIRECT --to-ports 3128"),
      why: """
        The rule takes every connection that the host opens to this port, wherever it goes. The program that gets
        them opens connections to the same port when it asks the real server, and they come back to it: a loop.
        Leave its own connections out: by its user, by a mark, or by the addresses that are meant.
        """,
      exceptions: "The program never opens connections to this port."))

  /// Ports that proxies and resolvers ask at other hosts.
  private static let proxied: [UInt128] = [21, 25, 53, 80, 443, 853, 3128, 8080]

  static func look(at subject: LintSubject, _ sink: inout LintSink) {
    guard let nat = subject.nat, let output = nat.place(of: .output) else { return }
    for rule in nat.rules(from: .output) where nat.owner(rule.position.chain) == nil {
      guard let translation = rule.translation, translation.end(at: .output) == .destination else { continue }
      let set = nat.packets(at: rule)
      let isForSelf =
        translation.address == .thisHost || (translation.range.addresses?.lowerBound.isLoopback ?? false)
      guard isForSelf, let ports = set[.destinationPort], isForEverybody(set), set.isExact,
        !isLeftOut(of: output, before: rule, nat)
      else { continue }
      sink.add(
        code, at: rule, in: nat, word: rule.targetName,
        "this takes the connections of every program of the host, also of the one that gets them",
        help: "leave its own out: `-m owner ! --uid-owner USER`, or name the addresses with -d",
        severity: proxied.contains { ports.contains($0) } ? .warning : .info)
    }
  }

  /// Whether packets of any program, to addresses all over, may be in a set.
  static func isForEverybody(_ set: PacketSet) -> Bool {
    // More than half of all addresses; a negated network leaves that many.
    set.numbers(.destination).isMost(of: Dimension.destination.maximum(set.family)) && set[.userID] == nil
      && set[.groupID] == nil && set[.mark] == nil && set[.connectionMark] == nil
      && set.others.isEmpty && set.numbers(.output).intersects(PacketSet.outside)
  }

  /// Whether a rule before takes packets out by their program, mark or address.
  static func isLeftOut(of chain: Int, before rule: RuleView, _ view: TableView) -> Bool {
    var earlier = Array(view.rules[rule.position.chain].prefix(rule.position.rule))
    if rule.position.chain != chain { earlier += view.rules[chain] }
    return earlier.contains { other in
      guard other.outcome == .accept || other.outcome == .returns || other.outcome == .unknown else { return false }
      return !isForEverybody(other.set)
    }
  }
}
