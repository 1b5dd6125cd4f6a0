// Walks packets through the rules, on a host that is made to fit them: what `hookwalk trace` does without a host.

import FlowTesting
import NetfilterModel
import Simulator

/// Walks packets through rules.
struct Prober: Sendable {
  private let rules: CompiledRules?
  private let file: String
  /// The file that describes the host; empty for none.
  private let hostFile: String
  /// The options by which `hookwalk trace` reads a script in the same way.
  private let scriptWords: [String]
  private let family: AddressFamily
  /// Names of interfaces and addresses that the rules do not speak of.
  let neutral: NeutralValues

  /// Takes rules that were read; those that cannot be loaded answer nothing.
  init(
    _ ruleset: Ruleset, file: String, views: [TableView], hostFile: String = "", scriptWords: [String] = []
  ) {
    self.scriptWords = scriptWords
    self.hostFile = hostFile
    rules = try? CompiledRules(ruleset)
    self.file = file
    family = ruleset.family
    neutral = NeutralValues(views, ruleset.family)
  }

  /// What became of packets.
  struct Answer {
    var steps: [String]
    /// The lines that describe the host; none for one that was made to fit.
    var lines: [String]
    /// Whether they walked through the host that was described.
    var isOnDescribedHost = false
    /// How each packet ended.
    var ends: [Disposition]
    var walks: [Walk]
    var host: LinuxHost

    /// How the last packet ended.
    var last: Disposition { ends.last ?? .held }
    /// Whether the last packet arrived where it should.
    var isThrough: Bool {
      switch last {
      case .delivered, .forwarded, .sent: true
      default: false
      }
    }
    /// The rule or policy that dropped or rejected the last packet, or nil.
    var denier: RulePlace? {
      switch last {
      case .dropped(let place): place
      case .rejected(let place, _): place
      default: nil
      }
    }
    /// The rule of table filter that the last packet hit last, or nil where a policy decided.
    var lastFilterRule: RulePlace? {
      let hit = walks.last?.ruleHits.last { $0.place.table == .filter }
      return hit.flatMap { $0.place.isEnd ? nil : $0.place }
    }
    /// Whether a rule said nothing here can decide.
    var isUnknown: Bool {
      ends.contains { if case .unknown = $0 { true } else { false } }
    }
  }

  /// The same on a host that was described, with the rules that it has.
  func walk(_ steps: [String], through host: LinuxHost) -> Answer? {
    var host = host
    var answer = Answer(steps: steps, lines: [], isOnDescribedHost: true, ends: [], walks: [], host: host)
    var conversation = Conversation()
    for text in steps {
      guard let step = try? PacketText.step(text), let next = try? conversation.packet(of: step.action) else {
        return nil
      }
      let walk: Walk
      switch next.origin {
      case .arrival(let input):
        guard host.interface(input) != nil else { return nil }
        walk = host.receive(next.packet.packet(), on: input)
      case .local: walk = host.send(next.packet.packet(isLocal: true))
      }
      conversation.record(next, walk)
      answer.ends.append(walk.lastEnd)
      answer.walks.append(walk)
    }
    return answer
  }

  /// Walks packets, written as for `hookwalk trace`, in order; without lines that describe a host, one is made to fit.
  ///
  /// - Returns: what became of them; nil when a packet cannot be made, as when the one before did not arrive.
  func walk(_ steps: [String], on lines: [String] = []) -> Answer? {
    guard let rules else { return nil }
    var parsed: [FlowStep] = []
    for text in steps {
      guard let step = try? PacketText.step(text) else { return nil }
      parsed.append(step)
    }
    let packets = parsed.compactMap { step -> FlowPacket? in
      if case .packet(let flow) = step.action { flow } else { nil }
    }
    var made = lines.isEmpty ? AssumedHost(for: packets)?.host : nil
    if !lines.isEmpty {
      made = HostText.describe(lines.joined(separator: "\n"), file: "probe", read: { _ in nil }).host
    }
    guard var host = made else { return nil }
    if family == .ipv6 { _ = try? host.setSysctl("net.ipv6.conf.all.forwarding", "1") }
    host.load(rules)
    var answer = Answer(steps: steps, lines: lines, ends: [], walks: [], host: host)
    var conversation = Conversation()
    for step in parsed {
      guard let next = try? conversation.packet(of: step.action) else { return nil }
      let walk: Walk
      switch next.origin {
      case .arrival(let input):
        guard host.interface(input) != nil else { return nil }
        walk = host.receive(next.packet.packet(), on: input)
      case .local: walk = host.send(next.packet.packet(isLocal: true))
      }
      conversation.record(next, walk)
      answer.ends.append(walk.lastEnd)
      answer.walks.append(walk)
    }
    return answer
  }

  /// The answer as a proof.
  func proof(_ answer: Answer) -> LintProof {
    let report = TextReport(
      style: Style(color: false, width: 78), explains: false, isHostAssumed: !answer.isOnDescribedHost)
    return LintProof(
      hostFile: answer.isOnDescribedHost ? hostFile : "", file: file, family: family, scriptWords: scriptWords,
      host: answer.lines, steps: answer.steps, ending: "\(FlowPassage.verdict(answer.last))",
      trace: answer.walks.last.map { report.render($0, on: answer.host, title: nil) } ?? "")
  }
}
