// The steps of a walk that are kept. A walk may visit millions of rules; what is kept of it stays small.

import NetfilterModel

/// The steps of a walk that are kept, in order, and how many of rules are not.
///
/// Of rules that were hit the first `capacity` are kept and, so that every table's last word is there, the last before each
/// other event; of rules that did not match the first `capacity`; of other events all, as `WalkLimits.consequences` bounds them.
public struct StepRecord: Sendable {
  /// How many rules that were hit are kept, and how many that did not match.
  public static let capacity = 100_000

  /// The steps in order; complete when the walk is done.
  public private(set) var steps: [WalkStep] = []
  /// How many rules were hit and are not among the steps.
  public private(set) var omittedHits = 0
  /// How many rules did not match and are not among the steps.
  public private(set) var omittedMisses = 0
  private var hits = 0
  private var misses = 0
  /// The last hit, and what it did, while there is no room for it.
  private var pending: [WalkStep] = []

  /// Makes an empty record.
  public init() {}

  /// Whether fewer misses than can be kept were added.
  public var hasRoomForMisses: Bool { misses < StepRecord.capacity }

  /// Counts a miss that is not kept.
  public mutating func omitMiss() { omittedMisses += 1 }

  /// Keeps a step, if there is room.
  public mutating func add(_ step: WalkStep) {
    switch step.event {
    case .ruleMissed:
      guard hasRoomForMisses else { return omitMiss() }
      misses += 1
    case .ruleHit:
      hits += 1
      if hits > StepRecord.capacity {
        if !pending.isEmpty { omittedHits += 1 }
        pending.removeAll(keepingCapacity: true)
        pending.append(step)
        return
      }
    case .packetChanged, .logged:
      if !pending.isEmpty {
        pending.append(step)
        return
      }
    default:
      if !pending.isEmpty {
        steps += pending
        pending.removeAll(keepingCapacity: true)
      }
    }
    steps.append(step)
  }
}
