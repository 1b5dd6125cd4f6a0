// Counts the settings of imported files, which have hundreds that no walk asks for.

/// What became of the settings of imported files.
struct ImportedSettings {
  /// What became of one.
  enum Kind: Int, CaseIterable {
    /// A walk may ask for it.
    case used
    /// The simulation does not ask for it.
    case unused
    /// The kernel that is simulated has no such setting.
    case unknown
    /// The host has no such interface.
    case withoutInterface
  }
  private var files: [(name: String, counts: [Int], firsts: [String])] = []

  /// Counts a setting of a file.
  mutating func count(_ kind: Kind, _ key: String, in file: String) {
    if files.last?.name != file {
      files.append((file, [Int](repeating: 0, count: Kind.allCases.count), Kind.allCases.map { _ in "" }))
    }
    let place = files.count - 1
    if files[place].counts[kind.rawValue] == 0 { files[place].firsts[kind.rawValue] = key }
    files[place].counts[kind.rawValue] += 1
  }

  /// Says once for each file what had no effect.
  func report(_ say: (_ file: String, _ message: String) -> Void) {
    for file in files {
      let words = { (kind: Kind, text: String) -> String? in
        let count = file.counts[kind.rawValue]
        return count == 0 ? nil : "\(text): \(count) (`\(file.firsts[kind.rawValue])`\(count > 1 ? " …" : ""))"
      }
      let parts = [
        words(.unused, "without effect here"), words(.unknown, "not known"),
        words(.withoutInterface, "of interfaces that the host does not have"),
      ].compactMap { $0 }
      if parts.isEmpty { continue }
      say(
        file.name,
        "of \(file.counts.reduce(0, +)) settings \(file.counts[Kind.used.rawValue]) are used; "
          + parts.joined(separator: ", "))
    }
  }
}
