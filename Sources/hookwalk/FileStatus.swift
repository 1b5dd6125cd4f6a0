// What kind of file a path or a descriptor is, and which one: two names of one file are the same.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A file as the system knows it.
struct FileStatus {
  /// Which file it is: two paths with the same device and number are one file.
  struct Identity: Hashable {
    var device: UInt64
    var number: UInt64
  }

  /// What kind of file it is.
  enum Kind {
    case regular, folder, link, pipe, device
  }

  var identity: Identity
  var kind: Kind
  /// The size in bytes.
  var size: Int
  /// The permission bits.
  var permissions: mode_t
  /// The user and the group that own it.
  var owner: (user: uid_t, group: gid_t)

  /// The file that a path leads to, through links, or the link itself; nil where there is none.
  init?(path: String, followsLinks: Bool = true) {
    var status = stat()
    guard (followsLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    self.init(status)
  }

  /// The file behind a descriptor; nil where it is not open.
  init?(descriptor: Int32) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return nil }
    self.init(status)
  }

  private init(_ status: stat) {
    identity = Identity(
      device: UInt64(truncatingIfNeeded: status.st_dev), number: UInt64(truncatingIfNeeded: status.st_ino))
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .folder
      case S_IFLNK: .link
      case S_IFIFO, S_IFSOCK: .pipe
      default: .device
      }
    size = Int(status.st_size)
    permissions = status.st_mode & 0o777
    owner = (status.st_uid, status.st_gid)
  }
}
