// What a page knows of walks: their steps, what of the map each step lights, and the rules of the chains that were walked.

import NetfilterModel
import Simulator

/// Gathers walks for a page.
public struct WalkData {
  /// The language of the page: `en`.
  public var language = "en"
  private var walks: [String] = []
  /// The chains that were walked, in order, with their rules as JSON.
  private var chains: [(name: String, json: String)] = []
  private var known: Set<String> = []
  /// What the walks light.
  public private(set) var lit: [MapElement] = []

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
    lit += path.lit
    var text = PageJSON()
    text.object([
      ("title", { $0.string(title) }), ("family", { $0.string(family == .ipv4 ? "v4" : "v6") }),
      ("map", { $0.list(elements) { $0.list($1) { $0.string($1.name) } } }), ("walk", { $0.raw(json) }),
    ])
    walks.append(text.text)
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
    var text = PageJSON()
    var members: [(name: String, write: (inout PageJSON) -> Void)] = []
    if let policy = chain.policy { members.append(("policy", { $0.string(policy.name) })) }
    if let location = chain.location {
      members.append(("location", { $0.string("\(location.file):\(location.line)") }))
    }
    members.append(
      (
        "rules",
        { json in
          json.list(chain.rules.indices) { json, number in
            var rule = place
            (rule.kind, rule.number, rule.isEnd) = (.rule, number + 1, false)
            json.list([index.text(rule), index.location(rule) ?? ""]) { $0.string($1) }
          }
        }
      ))
    text.object(members)
    chains.append((name, text.text))
  }

  /// The whole as JSON.
  public var json: String {
    var text = PageJSON()
    text.object([
      ("language", { $0.string(language) }),
      ("maps", { $0.list(MapLayout.allCases) { $0.string(FlowMap($1, lit: []).svg(isAlone: false)) } }),
      ("walks", { $0.list(walks) { $0.raw($1) } }),
      ("chains", { json in json.object(chains.map { chain in (chain.name, { $0.raw(chain.json) }) }) }),
    ])
    return text.text
  }
}
