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
    /// Whether the last packet came to a hook.
    func meets(_ hook: Hook) -> Bool {
      walks.last?.steps.contains { if case .hookEntered(hook, _, _) = $0.event { true } else { false } } ?? false
    }
    /// Whether a rule said nothing here can decide.
    var isUnknown: Bool {
      ends.contains { if case .unknown = $0 { true } else { false } }
    }
  }

  /// Walks packets, written as for `hookwalk trace`, in order, through a host that was described, with its rules.
  ///
  /// - Returns: what became of them; nil when a packet cannot be made, as when the one before did not arrive.
  func walk(_ steps: [String], through host: LinuxHost) -> Answer? {
    guard let parsed = parsed(steps) else { return nil }
    let answer = Answer(steps: steps, lines: [], isOnDescribedHost: true, ends: [], walks: [], host: host)
    return walk(parsed, answer)
  }

  /// The same without a described host: `lines` describe one; without lines, one is made to fit.
  func walk(_ steps: [String], on lines: [String] = []) -> Answer? {
    guard let rules, let parsed = parsed(steps) else { return nil }
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
    return walk(parsed, Answer(steps: steps, lines: lines, ends: [], walks: [], host: host))
  }

  private func parsed(_ steps: [String]) -> [FlowStep]? {
    var parsed: [FlowStep] = []
    for text in steps {
      guard let step = try? PacketText.step(text) else { return nil }
      parsed.append(step)
    }
    return parsed
  }

  /// Walks the packets of steps through the answer's host, and adds what became of each.
  private func walk(_ steps: [FlowStep], _ answer: Answer) -> Answer? {
    var answer = answer
    var conversation = Conversation()
    for step in steps {
      guard let next = try? conversation.packet(of: step.action) else { return nil }
      let walk: Walk
      switch next.origin {
      case .arrival(let input):
        guard answer.host.interface(input) != nil else { return nil }
        walk = answer.host.receive(next.packet.packet(), on: input)
      case .local: walk = answer.host.send(next.packet.packet(isLocal: true))
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
