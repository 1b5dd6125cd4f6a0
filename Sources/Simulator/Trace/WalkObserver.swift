// Who watches a walk. There is one evaluator; what it reports is up to the observer's type, decided when compiled.

import NetfilterModel

/// Watches a walk. The walk is generic over it, so an observer that wants nothing costs nothing.
public protocol WalkObserver {
  /// Whether events are recorded at all.
  static var wantsEvents: Bool { get }
  /// Whether rules that did not match are recorded with every condition that failed.
  static var wantsMisses: Bool { get }
  /// Whether rules that did not match are still kept; when not, the walk does not find out why, and calls `omitMiss`.
  var hasRoomForMisses: Bool { get }
  /// Takes an event; called only when `wantsEvents`.
  mutating func record(_ event: WalkEvent, of packet: PacketIdentity)
  /// Counts a rule that did not match and is not recorded.
  mutating func omitMiss()
}

extension WalkObserver {
  /// True.
  public var hasRoomForMisses: Bool { true }
  /// Does nothing.
  public mutating func omitMiss() {}
}

/// Watches nothing.
public struct SilentObserver: WalkObserver {
  /// False.
  public static var wantsEvents: Bool { false }
  /// False.
  public static var wantsMisses: Bool { false }
  /// Makes the observer.
  public init() {}
  /// Does nothing.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {}
}

/// Keeps the events but misses: of rules that were hit the first 100,000 and the last of each table, of others all.
public struct RecordingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// False.
  public static var wantsMisses: Bool { false }
  /// What is kept.
  public private(set) var record = StepRecord()
  /// The steps in order.
  public var steps: [WalkStep] { record.steps }
  /// Makes the observer.
  public init() {}
  /// Keeps the step, if there is room.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {
    record.add(WalkStep(packet: packet, event: event))
  }
}

/// Keeps the events, also the rules that did not match: of these the first 100,000, and as many of those that were hit.
public struct ExplainingObserver: WalkObserver {
  /// True.
  public static var wantsEvents: Bool { true }
  /// True.
  public static var wantsMisses: Bool { true }
  /// What is kept.
  public private(set) var record = StepRecord()
  /// The steps in order.
  public var steps: [WalkStep] { record.steps }
  /// Whether fewer misses than can be kept were recorded.
  public var hasRoomForMisses: Bool { record.hasRoomForMisses }
  /// Makes the observer.
  public init() {}
  /// Keeps the step, if there is room.
  public mutating func record(_ event: WalkEvent, of packet: PacketIdentity) {
    record.add(WalkStep(packet: packet, event: event))
  }
  /// Counts a rule that did not match and is not kept.
  public mutating func omitMiss() { record.omitMiss() }
}
