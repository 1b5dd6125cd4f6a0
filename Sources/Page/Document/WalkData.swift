// What a page knows of walks: their steps, what of the map each step lights, and the rules of the chains that were walked.

import NetfilterModel
import Simulator

/// Gathers walks for a page.
public struct WalkData {
  /// The language of the page: `en`.
  public var language = "en"
  private var walks: [JSONWriter.Value] = []
  /// The chains that were walked, in order, with their rules.
  private var chains: [(String, JSONWriter.Value)] = []
  private var known: Set<String> = []
  /// No walks.
  public init() {}

  /// Whether there is no walk.
  public var isEmpty: Bool { walks.isEmpty }

  /// Adds a walk: `json` is its `JSONWalk` as text, whose events are those of `walk` in order.
  public mutating func add(_ walk: Walk, title: String, json: String, on host: LinuxHost) {
    let family =
      walk.steps.lazy.compactMap { step in
        if case .packetStarts(let packet, _, _) = step.event { packet.family } else { nil }
      }.first ?? .ipv4
    var path = MapPath()
    let elements = walk.steps.map { path.take($0) }
    let map = elements.map { JSONWriter.Value.list($0.map { .text($0.name) }) }
    walks.append(
      .object([
        ("title", .text(title)), ("family", .text(family == .ipv4 ? "v4" : "v6")), ("map", .list(map)),
        ("walk", .raw(json)),
      ]))
    let index = RuleIndex(host)
    for step in walk.steps {
      switch step.event {
      case .ruleHit(let place, _, _, _, _), .ruleMissed(let place, _): note(place, index)
      default: break
      }
    }
  }

  private mutating func note(_ place: RulePlace, _ index: RuleIndex) {
    let name = "\(place.family == .ipv4 ? "v4" : "v6")/\(place.table.name)/\(place.chain)"
    guard known.insert(name).inserted, let chain = index.chain(place) else { return }
    var members: [(String, JSONWriter.Value)] = []
    if let policy = chain.policy { members.append(("policy", .text(policy.name))) }
    if let location = chain.location { members.append(("location", .text("\(location.file):\(location.line)"))) }
    let rules = chain.rules.indices.map { number -> JSONWriter.Value in
      var rule = place
      (rule.kind, rule.number, rule.isEnd) = (.rule, number + 1, false)
      return .list([.text(index.text(rule)), .text(index.location(rule) ?? "")])
    }
    members.append(("rules", .list(rules)))
    chains.append((name, .object(members)))
  }

  /// The whole as JSON.
  public var json: String {
    JSONWriter.line(
      .object([
        ("language", .text(language)),
        ("maps", .list(MapLayout.allCases.map { .text(FlowMap($0, lit: []).svg(isAlone: false)) })),
        ("walks", .list(walks)), ("chains", .object(chains)),
      ]))
  }
}
