// Why a test failed: who decided, what came nearest to what was expected, and what was rewritten on the way.

import NetfilterModel
import Simulator

/// One row of an explanation.
public struct ExplanationRow: Hashable, Sendable {
  /// The place and what stands there.
  public var text: String
  /// `file:line`, or nil.
  public var location: String?
  /// A second line, or nil.
  public var note: String?

  init(_ text: String, location: String? = nil, note: String? = nil) {
    self.text = text
    self.location = location
    self.note = note
  }
}

/// Why a packet did what it did.
public struct FlowExplanation: Hashable, Sendable {
  /// The packet as it started.
  public var packet: String?
  /// Who decided.
  public var decidedBy: ExplanationRow?
  /// The rules that came nearest to what was expected, the nearest first.
  public var nearest: [ExplanationRow] = []
  /// What was rewritten, in order.
  public var rewritten: [ExplanationRow] = []
  /// Where a match left the packet unknown: how it ends with each answer.
  public var bothWays: String?
  /// Where a match left the packet unknown: the line of the host that settles it.
  public var assumption: String?
}

/// Explains a walk that did not do as expected. The walk must hold the rules that did not match.
struct FailureExplainer {
  let host: LinuxHost
  let index: RuleIndex
  private(set) var passage: FlowPassage
  let expectation: FlowExpectation?
  let mismatches: [FlowMismatch]
  let family: AddressFamily

  /// How many rules are named as near.
  static let maximumNearest = 3

  /// Makes an explainer; `end` is how the packet is held to have ended, when that is not how this walk did.
  init(
    host: LinuxHost, index: RuleIndex, walk: Walk, end: Disposition?, expectation: FlowExpectation?,
    mismatches: [FlowMismatch]
  ) {
    self.host = host
    self.index = index
    passage = FlowPassage(walk)
    if let end { passage.end = end }
    self.expectation = expectation
    self.mismatches = mismatches
    family = passage.packet?.family ?? .ipv4
  }

  /// A rule that did not match.
  private struct Miss {
    var place: RulePlace
    var miss: RuleMiss
    /// The packet as the rule saw it.
    var position: PacketPosition
    /// The number of the table's walk.
    var walk: Int
  }

  /// A walk through a table.
  private struct TableWalk {
    var table: TableKind
    var hook: Hook
    var hits: [RulePlace] = []
    /// The packet as the last hit saw it.
    var position: PacketPosition?
  }

  private struct Candidate {
    var row: ExplanationRow
    /// The lower, the nearer.
    var rank: (Int, Int, Int, Int)
    var failures: Int
    /// Whether some of its conditions hold.
    var fitsInPart: Bool
  }

  func explanation() -> FlowExplanation {
    var result = FlowExplanation()
    if case .packetStarts(let packet, let input, _) = passage.steps.first?.event {
      result.packet = (input.isNone ? "local " : "in on \(input) ") + PacketSummary.text(packet)
    }
    result.decidedBy = decidedBy()
    let (misses, walks) = read(&result)
    result.nearest = nearest(misses, walks)
    return result
  }

  /// A place with its rule.
  private func row(_ place: RulePlace, note: String? = nil) -> ExplanationRow {
    var text = index.text(place)
    if index.rule(place) == nil, text.hasPrefix("policy ") { text = String(text.dropFirst(7)) }
    return ExplanationRow(
      "\(index.name(place)) \(text)", location: index.location(place), note: note)
  }

  private func decidedBy() -> ExplanationRow {
    switch passage.end {
    case .discarded(.noNeighbour):
      for case .neighbour(let outcome) in passage.steps.reversed().map({ $0.event }) {
        if let place = outcome.place { return row(place, note: outcome.text) }
        return ExplanationRow("the host (no-neighbour): \(outcome.text)")
      }
      return ExplanationRow("the host (no-neighbour): \(DropCause.noNeighbour.explanation(family))")
    case .discarded(let cause):
      return ExplanationRow("the host (\(cause.rawValue)): \(cause.explanation(family))")
    case .held: return ExplanationRow("the host: the fragment waits for the others")
    case .unknown(let place, let reason):
      guard let place else { return ExplanationRow("nothing here: \(reason)") }
      return row(place, note: reason)
    case .dropped, .rejected, .queued, .delivered, .forwarded, .sent:
      guard let place = passage.decider else { return ExplanationRow("routing: no rule of the filter table was asked") }
      return row(place)
    }
  }

  /// Reads the steps: what was missed, and what was rewritten.
  private func read(_ result: inout FlowExplanation) -> ([Miss], [TableWalk]) {
    var misses: [Miss] = []
    var walks: [TableWalk] = []
    var cursor = WalkCursor()
    for step in passage.steps {
      cursor.take(step)
      guard let position = cursor.position else { continue }
      switch step.event {
      case .tableEntered(let kind, let hook): walks.append(TableWalk(table: kind, hook: hook))
      case .ruleMissed(let place, let miss):
        misses.append(Miss(place: place, miss: miss, position: position, walk: walks.count - 1))
      case .ruleHit(let place, _, _, _, _):
        if let last = walks.indices.last {
          walks[last].hits.append(place)
          walks[last].position = position
        }
      case .packetChanged(let before, let after):
        guard let place = position.lastHit else { continue }
        let changes = PacketChange.between(before, after).map { "\($0.name) \($0.old) -> \($0.new)" }
        result.rewritten.append(
          ExplanationRow("\(index.name(place)) \(changes.joined(separator: ", "))", location: index.location(place)))
      case .translated(let manipulation, _, let after):
        result.rewritten.append(rewrite(manipulation, after, position.translations.last?.place))
      default: break
      }
    }
    return (misses, walks)
  }

  /// `nat/PREROUTING#1 DNAT -> 192.168.1.10:443`.
  private func rewrite(_ manipulation: NATManipulation, _ packet: Packet, _ place: RulePlace?) -> ExplanationRow {
    guard let header = IPHeader(packet.bytes) else { return ExplanationRow("NAT") }
    let ports = PacketSummary.ports(packet.bytes, header)
    let isSource = manipulation == .source
    let end =
      isSource
      ? PacketSummary.endpoint(header.source, ports?.source)
      : PacketSummary.endpoint(header.destination, ports?.destination)
    guard let place, let rule = index.rule(place), case .target(let target) = rule.action else {
      return ExplanationRow("\(isSource ? "source" : "destination") of the known connection -> \(end)")
    }
    return ExplanationRow("\(index.name(place)) \(target.name) -> \(end)", location: index.location(place))
  }

  private func nearest(_ misses: [Miss], _ walks: [TableWalk]) -> [ExplanationRow] {
    guard let expectation else { return [] }
    let named = mismatches.compactMap { $0.detail }.flatMap { detail -> [FlowPlace] in
      if case .notVia = detail { [] } else { detail.places }
    }
    let verdictIsWrong = mismatches.contains { $0.detail == nil }
    let endsAreWrong = mismatches.contains { if case .ends = $0.detail { true } else { false } }
    var candidates: [Candidate] = []
    var known: [ChainDepth: Bool] = [:]
    for miss in misses {
      guard let rule = index.rule(miss.place), walks.indices.contains(miss.walk) else { continue }
      let check = FlowCheck(index: index)
      var weight: Int?
      if named.contains(where: { check.fits(miss.place, $0) || leads(rule, to: $0, in: miss.place.table) }) {
        weight = 0
      } else if verdictIsWrong {
        weight = wanted(rule, expectation.verdict, miss, walks, &known)
      } else if endsAreWrong, translates(rule) {
        weight = 0
      }
      guard let weight else { continue }
      let asked = miss.miss
      candidates.append(
        Candidate(
          row: row(miss.place, note: asked.text(rule, miss.position)),
          rank: (asked.failed.count, weight, asked.undecided.count, -asked.holding), failures: asked.failed.count,
          fitsInPart: asked.holding > 0))
    }
    if verdictIsWrong { candidates += unreached(expectation.verdict, walks) }
    candidates.sort { $0.rank < $1.rank }
    // Rules that need more changes than the nearest say nothing beside it; nor do rules of which nothing fits, where something
    // fits of another.
    if candidates.contains(where: { $0.fitsInPart }) { candidates.removeAll { !$0.fitsInPart } }
    guard let best = candidates.first else { return [] }
    var rows: [ExplanationRow] = []
    for candidate in candidates where candidate.failures <= max(1, best.failures) && !rows.contains(candidate.row) {
      rows.append(candidate.row)
      if rows.count == FailureExplainer.maximumNearest { break }
    }
    return rows
  }

  /// Rules that would match and do as expected, but stand below the rule that decided.
  private func unreached(_ verdict: FlowVerdict, _ walks: [TableWalk]) -> [Candidate] {
    guard let decider = passage.decider, index.rule(decider) != nil,
      let walk = walks.last(where: { $0.hits.last == decider }), let position = walk.position,
      let packet = position.context
    else { return [] }
    var result: [Candidate] = []
    // The chain that decided, and the built-in chain that led there.
    var starts = [decider]
    if let first = walk.hits.last(where: { $0.chain == walk.hook.chainName }), first.chain != decider.chain {
      starts.append(first)
    }
    for start in starts {
      var place = start
      place.number += 1
      place.kind = .rule
      while let rule = index.rule(place) {
        if FailureExplainer.does(rule, verdict, family) {
          let asked = RuleMiss(asking: rule, packet, on: host, connection: position.connection)
          if asked.failed.isEmpty, asked.undecided.isEmpty {
            result.append(
              Candidate(
                row: row(place, note: "would match, but stands below \(start.shortText), which comes first"),
                rank: (0, 0, 0, place.number), failures: 0, fitsInPart: true))
          }
        }
        place.number += 1
      }
    }
    return result
  }

  /// How well a rule would have served the expected verdict, the lower the better; nil for not at all.
  private func wanted(
    _ rule: Rule, _ verdict: FlowVerdict, _ miss: Miss, _ walks: [TableWalk], _ known: inout [ChainDepth: Bool]
  ) -> Int? {
    let table = miss.place.table
    if table == .nat {
      // A translation decides whether the host or someone behind it gets the packet.
      guard translates(rule), miss.position.hook == .prerouting || miss.position.hook == .output else { return nil }
      switch (verdict, passage.hooks.contains(.forward)) {
      case (.forward, false), (.deliver, true), (.send, _): return 1
      default: return nil
      }
    }
    switch verdict {
    case .deliver, .forward, .send:
      // Only where it was stopped would accepting help.
      guard miss.walk == walks.count - 1, passage.isStoppedByRule else { return nil }
    default: break
    }
    if FailureExplainer.does(rule, verdict, family) { return table == .filter ? 0 : 1 }
    if case .target = rule.action { return nil }
    switch rule.action {
    case .jump(let chain), .goto(let chain):
      return reaches(verdict, chain, in: table, depth: 8, &known) ? 2 : nil
    default: return nil
    }
  }

  /// Whether a rule itself brings a verdict about.
  private static func does(_ rule: Rule, _ verdict: FlowVerdict, _ family: AddressFamily) -> Bool {
    switch (verdict, rule.action) {
    case (.deliver, .verdict(.accept)), (.forward, .verdict(.accept)), (.send, .verdict(.accept)),
      (.drop, .verdict(.drop)), (.queue, .verdict(.queue)):
      return true
    case (.queue, .target(let target)):
      return target.effects.contains { if case .queue = $0 { true } else { false } }
    case (.reject(let wanted), .target(let target)):
      return target.effects.contains { effect in
        guard case .reject(let own) = effect else { return false }
        return wanted?.fits(own, family) ?? true
      }
    default: return false
    }
  }

  private func translates(_ rule: Rule) -> Bool {
    guard case .target(let target) = rule.action else { return false }
    return target.effects.contains { if case .translate = $0 { true } else { false } }
  }

  /// Whether a rule leads into the chain of a place.
  private func leads(_ rule: Rule, to place: FlowPlace, in table: TableKind) -> Bool {
    let name: String
    switch place {
    case .chain(table, let chain), .rule(table, let chain, _): name = chain
    default: return false
    }
    switch rule.action {
    case .jump(name), .goto(name): return true
    default: return false
    }
  }

  /// A chain of the table that is walked, and how many jumps are still followed from it.
  private struct ChainDepth: Hashable {
    var table: TableKind
    var chain: String
    var depth: Int
  }

  /// Whether a chain, or one that it leads to, has a rule for a verdict; each chain is read once for each depth.
  private func reaches(
    _ verdict: FlowVerdict, _ chain: String, in table: TableKind, depth: Int, _ known: inout [ChainDepth: Bool]
  ) -> Bool {
    guard depth > 0 else { return false }
    let key = ChainDepth(table: table, chain: chain, depth: depth)
    if let answer = known[key] { return answer }
    var answer = false
    for rule in index.rules(of: chain, in: table, family: family) {
      if FailureExplainer.does(rule, verdict, family) { answer = true }
      switch rule.action {
      case .jump(let next), .goto(let next):
        if reaches(verdict, next, in: table, depth: depth - 1, &known) { answer = true }
      default: break
      }
      if answer { break }
    }
    known[key] = answer
    return answer
  }
}

extension FlowPassage {
  /// The hooks that the packet came to.
  fileprivate var hooks: [Hook] {
    steps.compactMap { if case .hookEntered(let hook, _, _) = $0.event { hook } else { nil } }
  }

  /// Whether a rule or policy ended it.
  fileprivate var isStoppedByRule: Bool {
    switch end {
    case .dropped, .rejected, .queued: true
    case .unknown(let place, _): place != nil
    default: false
    }
  }
}

extension RuleIndex {
  /// The rules of a chain.
  func rules(of chain: String, in table: TableKind, family: AddressFamily) -> [Rule] {
    self.chain(RulePlace(family: family, table: table, chain: chain, kind: .rule, number: 1))?.rules ?? []
  }
}
