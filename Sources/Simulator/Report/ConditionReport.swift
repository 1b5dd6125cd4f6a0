// Why a rule did not match: the condition that failed, what the packet has there, and whether it was the only one.

import NetfilterModel

/// The packet as a rule saw it.
package struct PacketView {
  package var packet: Packet
  package var header: IPHeader
  package var hook: Hook
  package var table: TableKind
  package var input: InterfaceName
  package var output: InterfaceName
  package var state: ConnectionState
  package var connection: ConnectionSnapshot?

  package init(
    packet: Packet, header: IPHeader, hook: Hook, table: TableKind, input: InterfaceName, output: InterfaceName,
    state: ConnectionState, connection: ConnectionSnapshot?
  ) {
    self.packet = packet
    self.header = header
    self.hook = hook
    self.table = table
    self.input = input
    self.output = output
    self.state = state
    self.connection = connection
  }
}

/// Explains misses. The conditions are asked by the same code that walks; nothing here decides for itself.
package struct ConditionReport {
  let host: Host

  package init(host: Host) { self.host = host }

  /// A condition of a rule and what came of it; nil where it cannot be asked again.
  private struct Answer {
    var text: String
    var holds: Bool?
    var actual: String
  }

  /// What came of a rule's conditions.
  package struct Evaluation {
    /// `failed only on --dport 80: the packet has 443`.
    package var text: String
    /// How many conditions do not hold.
    package var failures: Int
    /// How many cannot be asked again.
    package var undecided: Int
    /// How many hold.
    package var holding: Int
  }

  /// `failed only on --dport 80: the packet has 443`.
  func explain(_ rule: Rule, _ failed: FailedCondition, _ view: PacketView) -> String {
    evaluate(rule, failed, view).text
  }

  /// Asks every condition of a rule; `failed` is the one that the walk met, nil for a rule that it did not reach.
  package func evaluate(_ rule: Rule, _ failed: FailedCondition?, _ view: PacketView) -> Evaluation {
    let headers = headerAnswers(rule.header, view)
    var answers: [Answer] = headers.map(\.answer)
    var chosen: [Answer] = headers.filter { $0.condition == failed }.map(\.answer)
    for (index, match) in rule.matches.enumerated() {
      let own = matchAnswers(match, view)
      if failed == .match(index) {
        chosen = own.filter { $0.holds == false }
        if chosen.isEmpty {
          chosen = [Answer(text: text(match), holds: false, actual: actual(match.spec?.name ?? "", view))]
        }
        answers += chosen + own.filter { $0.holds == true }
      } else if case .match(let place) = failed, index < place {
        answers.append(Answer(text: "", holds: true, actual: ""))
      } else {
        answers += own
      }
    }
    let failures = answers.count { $0.holds == false }
    let undecided = answers.count { $0.holds == nil }
    let holding = answers.count - failures - undecided
    guard let first = chosen.first else {
      return Evaluation(text: "did not match", failures: failures, undecided: undecided, holding: holding)
    }
    let isOnly = undecided == 0 && failures == 1
    return Evaluation(
      text: "failed \(isOnly ? "only " : "")on \(first.text)" + (first.actual.isEmpty ? "" : ": \(first.actual)"),
      failures: failures, undecided: undecided, holding: holding)
  }

  private func headerAnswers(_ header: RuleHeader, _ view: PacketView) -> [(condition: FailedCondition, answer: Answer)]
  {
    var result: [(FailedCondition, Answer)] = []
    func add(
      _ condition: FailedCondition, _ option: String, _ value: String, _ inverted: Bool, _ fits: Bool, _ actual: String
    ) {
      result.append(
        (condition, Answer(text: "\(inverted ? "! " : "")\(option) \(value)", holds: fits != inverted, actual: actual)))
    }
    if let source = header.source {
      add(
        .source, "-s", source.value.description, source.inverted, source.value.contains(view.header.source),
        "the packet is from \(view.header.source)")
    }
    if let destination = header.destination {
      add(
        .destination, "-d", destination.value.description, destination.inverted,
        destination.value.contains(view.header.destination),
        "the packet goes to \(view.header.destination)")
    }
    if let input = header.input {
      add(
        .input, "-i", input.value.text, input.inverted, input.value.matches(view.input),
        view.input.isNone ? "the packet has no input interface here" : "the packet came in on \(view.input)")
    }
    if let output = header.output {
      add(
        .output, "-o", output.value.text, output.inverted, output.value.matches(view.output),
        view.output.isNone ? "the packet has no output interface here" : "the packet goes out on \(view.output)")
    }
    if let number = header.protocolNumber {
      add(
        .protocolNumber, "-p", number.value.description, number.inverted,
        number.value == .any || number.value == view.header.protocolNumber,
        "the packet is \(view.header.protocolNumber)")
    }
    if let fragment = header.fragment {
      add(
        .fragment, "-f", "", fragment.inverted, view.header.fragmentOffset != 0,
        "the packet is \(view.header.fragmentOffset == 0 ? "no" : "a") later fragment")
    }
    return result
  }

  private func matchAnswers(_ match: Match, _ view: PacketView) -> [Answer] {
    let name = match.spec?.name ?? ""
    guard match.spec?.readsPacketAlone ?? false else {
      if name == "comment" { return [] }
      return [Answer(text: text(match), holds: nil, actual: actual(name, view))]
    }
    let options = name == "tcp" || name == "udp" ? single(match) : [match]
    return options.map { option in
      var context = PacketContext(
        packet: view.packet, header: view.header, hook: view.hook, table: view.table, input: view.input,
        output: view.output, connection: nil, state: view.state, services: host)
      var state = MatchState()
      let result = option.compiled().matches(&context, &state)
      let text = text(option)
      return Answer(
        text: text, holds: result == .unknown ? nil : result == .yes,
        actual: actual(ConditionReport.firstOption(text) ?? name, view))
    }
  }

  /// The options of a match without its name: `--dport 80`.
  private func text(_ match: Match) -> String {
    var writer = SaveWriter()
    match.save(into: &writer)
    let text = String(writer.text.drop { $0 == " " })
    return text.isEmpty ? "-m \(match.spec?.name ?? "?")" : text
  }

  private static func firstOption(_ text: String) -> String? {
    text.split(separator: " ").first { $0.hasPrefix("--") }.map { String($0.dropFirst(2)) }
  }

  /// A match cut into one for each of its options.
  private func single(_ match: Match) -> [Match] {
    var words = text(match).split(separator: " ").map(String.init)[...]
    guard let base = Match.all.first(where: { $0.spec?.name == match.spec?.name }) else { return [match] }
    let signatures = base.signatures
    var result: [Match] = []
    while var word = words.popFirst() {
      let inverted = word == "!"
      if inverted, let next = words.popFirst() { word = next }
      guard let row = signatures.firstIndex(where: { "--" + $0.name == word }) else { return [match] }
      var argument = OptionArgument(inverted: inverted)
      if signatures[row].arity != .none { argument.text = words.popFirst() ?? "" }
      if signatures[row].arity == .two { argument.second = words.popFirst() ?? "" }
      var option = base
      do throws(OptionError) { try option.parseOption(row, argument) } catch { return [match] }
      result.append(option)
    }
    return result.isEmpty ? [match] : result
  }

  /// What the packet has where an option or match looks.
  private func actual(_ option: String, _ view: PacketView) -> String {
    let bytes = view.packet.bytes
    let start = view.header.transportOffset
    let ports = PacketSummary.ports(bytes, view.header)
    switch option {
    case "dport", "dports", "destination-port":
      return ports.map { "the packet has \($0.destination)" } ?? "the packet has no port"
    case "sport", "sports", "source-port":
      return ports.map { "the packet has \($0.source)" } ?? "the packet has no port"
    case "ports": return ports.map { "the packet has \($0.source) and \($0.destination)" } ?? "the packet has no port"
    case "tcp-flags", "syn": return "the packet has [\(TCPFlagLetters.text(bytes.byte(at: start + 13)))]"
    case "icmp-type", "icmpv6-type":
      let type = bytes.byte(at: start)
      let code = bytes.byte(at: start + 1)
      let name = ICMPNames.name(type: type, code: code, view.header.protocolNumber).map { "\($0) " } ?? ""
      return "the packet is \(name)(\(type)/\(code))"
    case "state", "conntrack", "ctstate":
      var states = [view.state.name]
      if let status = view.connection?.status {
        if status.contains(.sourceNAT) { states.append("SNAT") }
        if status.contains(.destinationNAT) { states.append("DNAT") }
      }
      return "the packet is \(states.joined(separator: ","))"
    case "mark": return "the packet has mark 0x\(String(view.packet.mark, radix: 16))"
    case "connmark":
      return view.connection.map { "the connection has mark 0x\(String($0.mark, radix: 16))" }
        ?? "the packet has no connection"
    case "length": return "the packet has \(bytes.count) bytes"
    case "ttl", "ttl-eq", "ttl-gt", "ttl-lt": return "the packet has TTL \(view.header.ttl)"
    case "tos": return "the packet has TOS 0x\(String(view.header.tos, radix: 16))"
    case "dscp": return "the packet has DSCP 0x\(String(view.header.tos >> 2, radix: 16))"
    case "src-range": return "the packet is from \(view.header.source)"
    case "dst-range": return "the packet goes to \(view.header.destination)"
    case "limit", "hashlimit": return "the limit is used up"
    default: return ""
    }
  }
}
