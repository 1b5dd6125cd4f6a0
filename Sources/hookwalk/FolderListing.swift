// The names in a folder.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Lists folders, one and the same way everywhere.
enum FolderListing {
  /// How many names of a folder are read.
  static let most = 100_000

  /// The names in a folder in the order of their bytes, without those that begin with a dot; at most `most` and one, nil where it
  /// cannot be read (`errno` says why).
  static func sorted(_ folder: String) -> [String]? {
    guard let stream = opendir(folder) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream), names.count <= most {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)) {
          String(cString: $0)
        }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The names in a folder.
  ///
  /// - Throws: when it cannot be read.
  static func names(_ folder: String) throws(CommandError) -> [String] {
    guard let names = sorted(folder) else {
      throw .input("cannot read the folder `\(folder)`: \(SystemCall.message(errno))")
    }
    return names
  }
}
