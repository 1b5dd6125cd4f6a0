// The files that `hookwalk test` is given, by name or by their folder.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Finds files in folders.
struct TestFiles {
  /// How deep folders may lie in each other.
  static let deepest = 32
  /// How many files and folders are looked at.
  static let most = 100_000

  /// The files, in the order in which they were named; those of a folder by their paths.
  private(set) var paths: [String] = []
  /// What could not be looked at, and why.
  private(set) var problems: [(path: String, message: String)] = []
  private var seen = 0
  /// The folders that were looked at, so that a link that leads back ends.
  private var folders: Set<FileIdentity> = []

  private struct FileIdentity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  private let endings: [String]

  /// Takes the operands of the command: files as they are, and of folders every file in them whose name has one of some
  /// endings.
  init(_ operands: [String], endings: [String] = [".flow"]) {
    self.endings = endings
    for operand in operands {
      guard operand != "-", let folder = TestFiles.status(operand), folder.isFolder else {
        paths.append(operand)
        continue
      }
      let before = paths.count
      folders = []
      look(into: operand, folder.identity, depth: 1)
      if paths.count == before, problems.isEmpty {
        problems.append(
          (
            operand,
            "there is no \(endings.map { "`\($0)`" }.joined(separator: " or ")) file in the folder `\(operand)`"
          ))
      }
    }
  }

  private mutating func look(into folder: String, _ identity: FileIdentity, depth: Int) {
    guard folders.insert(identity).inserted else { return }
    guard depth <= TestFiles.deepest else {
      problems.append((folder, "the folder `\(folder)` lies deeper than \(TestFiles.deepest) folders"))
      return
    }
    guard let names = FolderListing.sorted(folder) else {
      problems.append((folder, "cannot read the folder `\(folder)`: \(String(cString: strerror(errno)))"))
      return
    }
    for name in names {
      seen += 1
      guard seen <= TestFiles.most else {
        if seen == TestFiles.most + 1 {
          problems.append((folder, "there are more than \(TestFiles.most) files and folders here: `\(folder)`"))
        }
        return
      }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      guard let status = TestFiles.status(path) else { continue }
      if status.isFolder {
        look(into: path, status.identity, depth: depth + 1)
      } else if status.isFile, endings.contains(where: { name.hasSuffix($0) }) {
        paths.append(path)
      }
    }
  }

  private static func status(_ path: String) -> (isFolder: Bool, isFile: Bool, identity: FileIdentity)? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    return (
      kind == S_IFDIR, kind == S_IFREG,
      FileIdentity(device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
    )
  }

  /// A path without `.` and `..` as far as they can be left out, so that two that mean the same are the same.
  static func normal(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
