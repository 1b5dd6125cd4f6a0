// The steps of a walk as an observer keeps them: not without end.

/// Keeps the steps of a walk in order. Of a long walk it keeps the first 1,000,000 hits and the first 100,000 rules that did
/// not match, what the hooks, routing, connection tracking and NAT did, and the hit that decided in each table.
public struct StepRecord: Sendable {
  /// The steps that are kept.
  public private(set) var steps: [WalkStep] = []
  /// How many steps are not kept.
  public private(set) var omitted = 0
  /// How many hits are kept, with what they changed and logged.
  let mostHits: Int
  /// How many rules are kept that did not match.
  let mostMisses: Int

  private var hits = 0
  private var misses = 0
  /// The last hit that is not kept: it decides if the table ends here.
  private var last: WalkStep?

  /// Makes a record without steps.
  public init(mostHits: Int = 1_000_000, mostMisses: Int = 100_000) {
    self.mostHits = mostHits
    self.mostMisses = mostMisses
    // Most walks have no more.
    steps.reserveCapacity(32)
  }

  /// Takes the next step.
  public mutating func take(_ step: consuming WalkStep) {
    switch step.event {
    case .ruleMissed:
      misses += 1
      if misses <= mostMisses { steps.append(step) } else { omitted += 1 }
    case .ruleHit:
      hits += 1
      if hits <= mostHits {
        steps.append(step)
      } else {
        if last != nil { omitted += 1 }
        last = step
      }
    case .packetChanged, .logged:
      if hits <= mostHits { steps.append(step) } else { omitted += 1 }
    default:
      if let last { steps.append(last) }
      last = nil
      steps.append(step)
    }
  }
}
