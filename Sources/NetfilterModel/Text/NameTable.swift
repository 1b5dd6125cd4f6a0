// Finds what a name stands for among a few dozen names, by comparing two machine words for each of them.

/// The bytes of a name in two machine words: all of them up to 16, the first and the last eight of a longer one.
struct NameKey: Hashable {
  private var low: UInt64 = 0
  private var high: UInt64 = 0
  private var count: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    count = bytes.count
    for index in 0..<min(8, count) { low = low << 8 | UInt64(bytes[index]) }
    for index in max(8, count - 8)..<max(8, count) { high = high << 8 | UInt64(bytes[index]) }
  }

  /// Whether names with equal keys are equal.
  var isWhole: Bool { count <= 16 }
}

/// A dictionary by name, in the order of insertion; of equal names the first one counts.
struct NameTable<Value> {
  private var keys: [NameKey] = []
  private(set) var names: [String] = []
  private(set) var values: [Value] = []

  init() {}

  /// Adds a name unless it is there.
  mutating func add(_ name: String, _ value: Value) {
    guard self[name] == nil else { return }
    var name = name
    keys.append(name.withUTF8 { NameKey($0) })
    names.append(name)
    values.append(value)
  }

  /// What a name stands for, or nil.
  subscript(_ name: String) -> Value? {
    var name = name
    return name.withUTF8 { self[$0] }
  }

  /// What a name stands for, or nil.
  subscript(_ bytes: UnsafeBufferPointer<UInt8>) -> Value? {
    let key = NameKey(bytes)
    for index in keys.indices where keys[index] == key {
      if key.isWhole || names[index].utf8.elementsEqual(bytes) { return values[index] }
    }
    return nil
  }
}

extension NameTable: Sendable where Value: Sendable {}
