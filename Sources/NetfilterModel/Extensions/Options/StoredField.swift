// A property of an extension that an option stores, read and written many times faster than through its key path.

/// A property of `Owner`: its offset for a stored one, its key path for a computed one.
struct StoredField<Owner, Value>: Sendable {
  private let path: WritableKeyPath<Owner, Value> & Sendable
  private let offset: Int?

  init(_ path: WritableKeyPath<Owner, Value> & Sendable) {
    self.path = path
    offset = MemoryLayout<Owner>.offset(of: path)
  }

  @inline(__always)
  func get(_ owner: Owner) -> Value {
    guard let offset else { return owner[keyPath: path] }
    return withUnsafePointer(to: owner) {
      UnsafeRawPointer($0).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee
    }
  }

  @inline(__always)
  func set(_ value: Value, in owner: inout Owner) {
    guard let offset else {
      owner[keyPath: path] = value
      return
    }
    withUnsafeMutablePointer(to: &owner) {
      UnsafeMutableRawPointer($0).advanced(by: offset).assumingMemoryBound(to: Value.self).pointee = value
    }
  }
}
