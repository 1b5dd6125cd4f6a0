// The steps of a walk that are kept. A walk may visit millions of rules; what is kept of it stays small.

import NetfilterModel

/// The steps of a walk that are kept, in order, and how many are not.
///
/// Of rules that were hit the first `capacity` are kept, with what they did, and, so that every table's last word is there, the last
/// before each other event; of rules that did not match the first `capacity`; of other events all, as
/// `WalkLimits.consequences` bounds them.
public struct StepRecord: Sendable {
  /// How many rules that were hit are kept, and how many that did not match.
  public static let capacity = 100_000

  /// The steps in order; complete when the walk is done.
  public private(set) var steps: [WalkStep] = []
  /// How many rules were hit and are not among the steps.
  public private(set) var omittedHits = 0
  /// How many rules did not match and are not among the steps.
  public private(set) var omittedMisses = 0
  /// How many changes and log records of such hits are not among the steps.
  public private(set) var omittedEffects = 0
  private let mostHits: Int
  private let mostMisses: Int
  private var hits = 0
  private var misses = 0
  /// The last hit, and what it did, while there is no room for it.
  private var pending: [WalkStep] = []

  /// Makes an empty record that keeps so many rules that were hit, and so many that did not match.
  public init(mostHits: Int = capacity, mostMisses: Int = capacity) {
    self.mostHits = mostHits
    self.mostMisses = mostMisses
    // Most walks have no more: a packet that is forwarded and translated has about 40.
    steps.reserveCapacity(64)
  }

  /// How many steps are not kept.
  public var omitted: Int { omittedHits + omittedMisses + omittedEffects }

  /// Whether fewer misses than can be kept were added.
  public var hasRoomForMisses: Bool { misses < mostMisses }

  /// Counts a miss that is not kept.
  public mutating func omitMiss() { omittedMisses += 1 }

  /// Keeps a step, if there is room.
  public mutating func add(_ step: consuming WalkStep) {
    switch step.event {
    case .ruleMissed:
      guard hasRoomForMisses else { return omitMiss() }
      misses += 1
    case .ruleHit:
      hits += 1
      if hits > mostHits {
        if !pending.isEmpty {
          omittedHits += 1
          omittedEffects += pending.count - 1
        }
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
